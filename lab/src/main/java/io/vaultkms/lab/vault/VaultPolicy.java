package io.vaultkms.lab.vault;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What a role may do: capabilities per exact path, relative to the role's namespace. Immutable.
 *
 * @param rules path to capabilities, without a slash in front
 */
public record VaultPolicy(Map<String, Set<Capability>> rules) {

  /** A capability of Vault's policies, as far as the lab needs them. */
  public enum Capability {
    CREATE,
    READ,
    UPDATE,
    DELETE,
    LIST,
    SUDO
  }

  public VaultPolicy {
    rules = Map.copyOf(rules);
  }

  /**
   * What a KMS plugin needs for some Transit keys and no more: read the key, update its encrypt and
   * decrypt, and read the license.
   *
   * @param keyPaths each {@code <mount>/keys/<name>}
   */
  public static VaultPolicy forPlugin(String... keyPaths) {
    VaultPolicy policy = new VaultPolicy(Map.of()).granting("sys/license/status", Capability.READ);
    for (String path : keyPaths) {
      int keys = path.lastIndexOf("/keys/");
      if (keys <= 0) {
        throw new IllegalArgumentException(
            "key path is '" + path + "', and must be <mount>/keys/<name>");
      }
      String mount = path.substring(0, keys);
      String name = path.substring(keys + "/keys/".length());
      policy =
          policy
              .granting(path, Capability.READ)
              .granting(mount + "/encrypt/" + name, Capability.UPDATE)
              .granting(mount + "/decrypt/" + name, Capability.UPDATE);
    }
    return policy;
  }

  /** This policy, with exactly these capabilities on that path. */
  public VaultPolicy granting(String path, Capability first, Capability... more) {
    Map<String, Set<Capability>> changed = new LinkedHashMap<>(rules);
    changed.put(path, EnumSet.of(first, more));
    return new VaultPolicy(changed);
  }

  /** This policy, with nothing on that path. */
  public VaultPolicy without(String path) {
    Map<String, Set<Capability>> changed = new LinkedHashMap<>(rules);
    changed.remove(path);
    return new VaultPolicy(changed);
  }

  boolean allows(String path, Capability capability) {
    return rules.getOrDefault(path, Set.of()).contains(capability);
  }
}
