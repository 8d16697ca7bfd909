package io.vaultkms.model.event;

import java.time.Instant;

/**
 * Everything is as wanted, and nothing is left to do.
 *
 * @param mode the mode that is in force
 * @param keyId the write key; 0 when there is none
 * @param hash eight characters that stand for the configuration and what it refers to
 * @param revision number of the bundle it settled on
 */
public record EncryptionSettled(
    String clusterId,
    String component,
    Instant time,
    String mode,
    long keyId,
    String hash,
    long revision)
    implements Story {

  public EncryptionSettled {
    clusterId = Parts.required("clusterId", clusterId);
    component = Parts.text(component);
    time = Parts.required("time", time);
    mode = Parts.text(mode);
    hash = Parts.text(hash);
  }

  @Override
  public String id() {
    return Parts.id(this, revision, keyId, hash);
  }

  @Override
  public String subject() {
    return Parts.subject(this, "config");
  }
}
