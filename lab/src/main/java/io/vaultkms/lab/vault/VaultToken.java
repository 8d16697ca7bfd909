package io.vaultkms.lab.vault;

import io.vaultkms.lab.vault.AppRoleMount.AppRole;
import io.vaultkms.lab.vault.VaultPolicy.Capability;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A token. The root token has no role, may do everything, and never expires.
 *
 * @param namespace where it was issued; it holds there and in the namespaces below
 * @param loginPath the path that issued it
 */
record VaultToken(
    String id,
    String accessor,
    String namespace,
    String loginPath,
    @Nullable AppRole role,
    Instant created,
    Duration ttl,
    Instant expires) {
  private static final VaultPolicy DEFAULT_POLICY =
      new VaultPolicy(Map.of())
          .granting("auth/token/lookup-self", Capability.READ)
          .granting("auth/token/renew-self", Capability.UPDATE)
          .granting("auth/token/revoke-self", Capability.UPDATE);
  private static final SecureRandom RANDOM = new SecureRandom();

  static VaultToken root(Instant now) {
    return new VaultToken(
        newId("hvs.", 18),
        newId("", 18),
        "",
        "auth/token/root",
        null,
        now,
        Duration.ZERO,
        Instant.MAX);
  }

  static VaultToken of(
      AppRole role, String namespace, String loginPath, Instant now, Duration ttl) {
    return new VaultToken(
        newId("hvs.", 69), newId("", 18), namespace, loginPath, role, now, ttl, now.plus(ttl));
  }

  private static String newId(String prefix, int bytes) {
    byte[] random = new byte[bytes];
    RANDOM.nextBytes(random);
    return prefix + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
  }

  VaultToken renewed(Instant now, Duration maxTtl) {
    Instant wanted = now.plus(ttl);
    Instant last = created.plus(maxTtl);
    return new VaultToken(
        id,
        accessor,
        namespace,
        loginPath,
        role,
        created,
        ttl,
        wanted.isBefore(last) ? wanted : last);
  }

  boolean expired(Instant now) {
    return !now.isBefore(expires);
  }

  /** Whether it may do this on that path of a namespace. */
  boolean allows(String targetNamespace, String path, Capability capability) {
    if (role == null) {
      return true;
    }
    if (targetNamespace.equals(namespace) && DEFAULT_POLICY.allows(path, capability)) {
      return true;
    }
    String below = Namespaces.below(namespace, targetNamespace);
    return below != null && role.policy().allows(below + path, capability);
  }

  JsonObject auth(Instant now) {
    return new JsonObject()
        .put("client_token", id)
        .put("accessor", accessor)
        .put("policies", policies())
        .put("token_policies", policies())
        .put("metadata", metadata())
        .put("lease_duration", remainingSeconds(now))
        .put("renewable", role != null)
        .put("token_type", "service")
        .put("orphan", true);
  }

  JsonObject describe(Instant now) {
    return new JsonObject()
        .put("id", id)
        .put("accessor", accessor)
        .put("creation_time", created.getEpochSecond())
        .put("creation_ttl", ttl.toSeconds())
        .put("expire_time", role == null ? null : expires.toString())
        .put("ttl", remainingSeconds(now))
        .put("renewable", role != null)
        .put("policies", policies())
        .put("meta", metadata())
        .put("namespace_path", namespace.isEmpty() ? "" : namespace + "/")
        .put("path", loginPath)
        .put("display_name", role == null ? "root" : "approle")
        .put("num_uses", 0)
        .put("orphan", true)
        .put("type", "service");
  }

  private JsonArray policies() {
    return role == null ? JsonArray.of("root") : JsonArray.of("default", role.name());
  }

  private JsonObject metadata() {
    return role == null ? new JsonObject() : JsonObject.of("role_name", role.name());
  }

  /** Whole seconds as real Vault says them, but never 0 for a token that still holds. */
  private long remainingSeconds(Instant now) {
    return role == null ? 0 : Math.max(1, Duration.between(now, expires).toSeconds());
  }

  @Override
  public String toString() {
    return "VaultToken[" + (role == null ? "root" : role.name()) + "]";
  }
}
