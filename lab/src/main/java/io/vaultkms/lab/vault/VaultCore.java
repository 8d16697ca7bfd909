package io.vaultkms.lab.vault;

import io.vaultkms.lab.vault.AppRoleMount.AppRole;
import io.vaultkms.lab.vault.Namespaces.Mounted;
import io.vaultkms.lab.vault.Namespaces.Target;
import io.vaultkms.lab.vault.VaultPolicy.Capability;
import io.vaultkms.lab.vault.VaultRequest.Verb;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Vault without HTTP: takes a request, answers it. One lock guards everything, and is never held
 * for longer than one AES operation, so an event loop may call it.
 */
final class VaultCore {
  private final Duration tokenTtl;
  private final Duration tokenMaxTtl;
  private final boolean enterprise;
  private final String unsealKey = UUID.randomUUID().toString();
  private final VaultToken root = VaultToken.root(Instant.now());
  private final Namespaces namespaces = new Namespaces();
  private final Map<String, AppRole> rolesById = new HashMap<>();
  private final Map<String, VaultToken> tokens = new HashMap<>();
  private final Map<VaultOperation, Long> requests = new EnumMap<>(VaultOperation.class);
  private VaultState state = VaultState.ACTIVE;

  VaultCore(Duration tokenTtl, Duration tokenMaxTtl, boolean enterprise) {
    this.tokenTtl = tokenTtl;
    this.tokenMaxTtl = tokenMaxTtl;
    this.enterprise = enterprise;
    tokens.put(root.id(), root);
  }

  synchronized VaultAnswer answer(VaultRequest request) {
    requests.merge(VaultOperation.of(request), 1L, Long::sum);
    try {
      return route(request, Instant.now());
    } catch (VaultRefusal e) {
      return e.answer();
    }
  }

  private VaultAnswer route(VaultRequest request, Instant now) {
    switch (request.path()) {
      case "sys/health" -> {
        return state.health(request.query(), now, enterprise);
      }
      case "sys/seal-status" -> {
        return sealStatus();
      }
      case "sys/unseal" -> {
        return unsealWith(new VaultFields(request.body()).text("key"));
      }
      default -> {}
    }
    if (state.isSealed()) {
      throw VaultRefusal.sealed();
    }
    if (state == VaultState.DR_SECONDARY) {
      throw VaultRefusal.badRequest("path disabled in replication DR secondary mode");
    }
    if (!request.namespace().isEmpty() && !enterprise) {
      throw VaultRefusal.badRequest("enterprise-only feature used: namespaces");
    }
    Target target = namespaces.resolve(request.namespace(), request.path());
    AppRoleMount login = target.namespace().loginAt(target.path());
    return login == null ? asToken(request, target, now) : login(request, target, login, now);
  }

  private VaultAnswer login(VaultRequest request, Target target, AppRoleMount mount, Instant now) {
    if (request.verb() != Verb.WRITE) {
      throw VaultRefusal.unsupportedOperation();
    }
    AppRole role = mount.login(new VaultFields(request.body()));
    VaultToken token = VaultToken.of(role, target.namespace().path(), target.path(), now, tokenTtl);
    tokens.values().removeIf(old -> old.expired(now));
    tokens.put(token.id(), token);
    return VaultAnswer.auth(token.auth(now));
  }

  /** Policy before route, as in real Vault: who may not see a path is not told if it exists. */
  private VaultAnswer asToken(VaultRequest request, Target target, Instant now) {
    VaultToken token = token(request.token(), now);
    Mounted<TransitMount> transit = target.namespace().transitAt(target.path());
    Capability needed = capability(request.verb(), transit);
    if (!token.allows(target.namespace().path(), target.path(), needed)) {
      throw VaultRefusal.permissionDenied();
    }
    if (transit != null) {
      return transit
          .mount()
          .answer(request.verb(), transit.rest(), new VaultFields(request.body()));
    }
    return switch (target.path()) {
      case "auth/token/lookup-self" -> VaultAnswer.data(token.describe(now));
      case "auth/token/renew-self" -> renew(token, now);
      case "auth/token/revoke-self" -> revoke(token);
      case "sys/license/status" -> license(now);
      case "sys/seal" -> sealBy(request.verb());
      default -> throw VaultRefusal.noRoute(target.path());
    };
  }

  private VaultToken token(@Nullable String id, Instant now) {
    if (id == null || id.isEmpty()) {
      throw VaultRefusal.noToken();
    }
    VaultToken token = tokens.get(id);
    if (token == null || token.expired(now)) {
      throw VaultRefusal.badToken();
    }
    return token;
  }

  private static Capability capability(Verb verb, @Nullable Mounted<TransitMount> transit) {
    return switch (verb) {
      case READ -> Capability.READ;
      case LIST -> Capability.LIST;
      case DELETE -> Capability.DELETE;
      case WRITE ->
          transit != null && transit.mount().wouldCreate(transit.rest())
              ? Capability.CREATE
              : Capability.UPDATE;
    };
  }

  private VaultAnswer renew(VaultToken token, Instant now) {
    if (token.role() == null) {
      throw VaultRefusal.badRequest("lease is not renewable");
    }
    VaultToken renewed = token.renewed(now, tokenMaxTtl);
    tokens.put(renewed.id(), renewed);
    return VaultAnswer.auth(renewed.auth(now));
  }

  private VaultAnswer revoke(VaultToken token) {
    tokens.remove(token.id());
    return VaultAnswer.noContent();
  }

  private VaultAnswer license(Instant now) {
    if (!enterprise) {
      throw VaultRefusal.unsupportedPath();
    }
    JsonObject license =
        new JsonObject()
            .put("license_id", "lab")
            .put("customer_id", "lab")
            .put("issuer", "lab")
            .put("start_time", now.minus(Duration.ofDays(1)).toString())
            .put("expiration_time", now.plus(Duration.ofDays(365)).toString())
            .put("termination_time", now.plus(Duration.ofDays(375)).toString())
            .put("features", JsonArray.of("Namespaces", "Transit"));
    return VaultAnswer.data(
        new JsonObject()
            .put("autoloading_used", true)
            .put("autoloaded", license)
            .put("persisted_autoload", license));
  }

  private VaultAnswer sealStatus() {
    return new VaultAnswer(
        200,
        new JsonObject()
            .put("type", "shamir")
            .put("initialized", state != VaultState.UNINITIALISED)
            .put("sealed", state.isSealed())
            .put("t", 1)
            .put("n", 1)
            .put("progress", 0)
            .put("version", VaultState.VERSION + (enterprise ? "+ent" : "")));
  }

  private VaultAnswer unsealWith(String key) {
    if (!key.equals(unsealKey)) {
      throw VaultRefusal.badRequest("Unseal failed, invalid key");
    }
    become(VaultState.ACTIVE);
    return sealStatus();
  }

  private VaultAnswer sealBy(Verb verb) {
    if (verb != Verb.WRITE) {
      throw VaultRefusal.unsupportedOperation();
    }
    become(VaultState.SEALED);
    return VaultAnswer.noContent();
  }

  synchronized void become(VaultState changed) {
    state = changed;
  }

  synchronized void createTransitKey(String namespace, String mount, String name) {
    namespaces.create(namespace).transit(mount).create(name);
  }

  synchronized int rotate(String namespace, String mount, String name) {
    return namespaces.create(namespace).transit(mount).require(name).rotate();
  }

  synchronized String createAppRole(String namespace, String mount, VaultPolicy policy) {
    AppRole role = namespaces.create(namespace).appRole(mount).create(policy);
    rolesById.put(role.id(), role);
    return role.id();
  }

  synchronized String newSecretId(String roleId) {
    return role(roleId).newSecretId();
  }

  synchronized void revokeSecretId(String roleId, String secretId) {
    if (!role(roleId).revoke(secretId)) {
      throw new IllegalArgumentException("role " + roleId + " has no such secret id");
    }
  }

  synchronized void setPolicy(String roleId, VaultPolicy policy) {
    role(roleId).policy(policy);
  }

  /** Every token but the root token stops to hold. */
  synchronized void revokeTokens() {
    tokens.values().removeIf(token -> token.role() != null);
  }

  private AppRole role(String id) {
    AppRole role = rolesById.get(id);
    if (role == null) {
      throw new IllegalArgumentException("there is no role with id " + id);
    }
    return role;
  }

  synchronized Map<VaultOperation, Long> requests() {
    return Map.copyOf(requests);
  }

  String rootToken() {
    return root.id();
  }

  String unsealKey() {
    return unsealKey;
  }
}
