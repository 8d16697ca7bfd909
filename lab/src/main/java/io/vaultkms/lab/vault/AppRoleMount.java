package io.vaultkms.lab.vault;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** An AppRole authentication mount: roles and their secret ids. The core's lock guards it. */
final class AppRoleMount {
  private final String name;
  private final Map<String, AppRole> rolesById = new HashMap<>();

  /** A role. Its policy may change, and then holds for the tokens it has, too. */
  static final class AppRole {
    private final String name;
    private final String id = UUID.randomUUID().toString();
    private final Set<String> secretIds = new HashSet<>();
    private VaultPolicy policy;

    private AppRole(String name, VaultPolicy policy) {
      this.name = name;
      this.policy = policy;
    }

    String name() {
      return name;
    }

    String id() {
      return id;
    }

    VaultPolicy policy() {
      return policy;
    }

    void policy(VaultPolicy changed) {
      policy = changed;
    }

    String newSecretId() {
      String secretId = UUID.randomUUID().toString();
      secretIds.add(secretId);
      return secretId;
    }

    boolean revoke(String secretId) {
      return secretIds.remove(secretId);
    }
  }

  AppRoleMount(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  AppRole create(VaultPolicy policy) {
    AppRole role = new AppRole("role-" + (rolesById.size() + 1), policy);
    rolesById.put(role.id(), role);
    return role;
  }

  /** The role that logs in with these two. */
  AppRole login(VaultFields fields) {
    String roleId = fields.text("role_id");
    String secretId = fields.text("secret_id");
    if (roleId.isEmpty()) {
      throw VaultRefusal.badRequest("missing role_id");
    }
    AppRole role = rolesById.get(roleId);
    if (role == null) {
      throw VaultRefusal.badRequest("invalid role or secret ID");
    }
    if (secretId.isEmpty()) {
      throw VaultRefusal.badRequest("missing secret_id");
    }
    if (!role.secretIds.contains(secretId)) {
      throw VaultRefusal.badRequest("invalid role or secret ID");
    }
    return role;
  }
}
