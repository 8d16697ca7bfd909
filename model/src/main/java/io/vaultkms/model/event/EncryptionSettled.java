package io.vaultkms.model.event;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Everything is as wanted, and nothing is left to do.
 *
 * @param mode the mode that is in force
 * @param keyId the write key; 0 when there is none
 * @param hash eight characters that stand for the configuration and what it refers to
 * @param revision number of the bundle it settled on
 * @param remoteKeyId what the plugins said as key id when everything had been rewritten; empty when
 *     there is none
 * @param migratedTime when everything had been rewritten last; missing when nothing ever was
 */
public record EncryptionSettled(
    String clusterId,
    String component,
    Instant time,
    String mode,
    long keyId,
    String hash,
    long revision,
    String remoteKeyId,
    @Nullable Instant migratedTime)
    implements Story {

  public EncryptionSettled {
    clusterId = Parts.required("clusterId", clusterId);
    component = Parts.text(component);
    time = Parts.required("time", time);
    mode = Parts.text(mode);
    hash = Parts.text(hash);
    remoteKeyId = Parts.text(remoteKeyId);
  }

  /** Everything may be rewritten again under the same key: the remote key was rotated, say. */
  @Override
  public String id() {
    return Parts.id(this, revision, keyId, hash, migratedTime == null ? "" : migratedTime);
  }

  @Override
  public String subject() {
    return Parts.subject(this, "config");
  }
}
