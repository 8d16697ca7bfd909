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
 * @param marks what else has become of it
 */
public record EncryptionKey(
    long id,
    Mode mode,
    Optional<KmsProvider> kms,
    Optional<String> hash,
    String externalReason,
    Migrated migrated,
    Set<Mark> marks) {

  /** What may become of a key beside its way from read key to write key. */
  public enum Mark {
    /** It was on its way as a read key, never got there, and is not wanted any more. */
    WITHDRAWN,
    /**
     * Its Secret was gone and is made anew from the bundle: what had been migrated to it, nobody
     * knows.
     */
    RESTORED
  }

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

  public EncryptionKey {
    marks = Set.copyOf(marks);
  }

  /** A key that nothing unusual has become of. */
  public EncryptionKey(
      long id,
      Mode mode,
      Optional<KmsProvider> kms,
      Optional<String> hash,
      String externalReason,
      Migrated migrated) {
    this(id, mode, kms, hash, externalReason, migrated, Set.of());
  }

  public boolean is(Mark mark) {
    return marks.contains(mark);
  }

  /** Whether others wrote its Secret, and nobody has noted yet what is in it. */
  public boolean isForeign() {
    return mode == Mode.KMS && kms.isEmpty();
  }

  /** Whether all of these resources have been rewritten with this key. */
  public boolean migratedAll(Set<String> resources) {
    return migrated.resources().containsAll(resources);
  }
}
