package io.vaultkms.model.key;

import io.vaultkms.model.config.KmsProvider;
import io.vaultkms.model.config.Mode;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a key Secret says of a key, without its material.
 *
 * @param id 1, 2, 3, … within the component, never used again
 * @param kms the KMS configuration it was minted for; empty for the other modes
 * @param hash the handshake of configuration and contents as the Secret has them; empty when the
 *     Secret was written by others, who keep no such note
 * @param externalReason why somebody asked for a new key; empty when nobody did
 */
public record EncryptionKey(
    long id,
    Mode mode,
    Optional<KmsProvider> kms,
    Optional<String> hash,
    String externalReason,
    Migrated migrated) {

  /**
   * What has been rewritten with the key.
   *
   * @param resources names with their group, such as {@code routes.route.openshift.io}
   * @param at when the last of them was done; empty while none is
   * @param remoteKeyId what the plugins reported as key id when the migration was proved; empty
   *     when not noted
   */
  public record Migrated(
      SortedSet<String> resources, Optional<Instant> at, Optional<String> remoteKeyId) {
    public static final Migrated NOTHING =
        new Migrated(new TreeSet<>(), Optional.empty(), Optional.empty());

    public Migrated {
      resources = Collections.unmodifiableSortedSet(new TreeSet<>(resources));
    }
  }

  /** Whether all of these resources have been rewritten with this key. */
  public boolean migratedAll(Set<String> resources) {
    return migrated.resources().containsAll(resources);
  }
}
