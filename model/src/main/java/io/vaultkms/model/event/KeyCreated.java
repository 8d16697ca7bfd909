package io.vaultkms.model.event;

import java.time.Instant;

/**
 * A key has been minted. Numbers only grow.
 *
 * @param keyId number of the key
 * @param mode the mode of the key
 * @param reason why there is a new one
 * @param hash eight characters that stand for the configuration and what it refers to
 */
public record KeyCreated(
    String clusterId,
    String component,
    Instant time,
    long keyId,
    String mode,
    String reason,
    String hash)
    implements Story {

  public KeyCreated {
    clusterId = Parts.required("clusterId", clusterId);
    component = Parts.text(component);
    time = Parts.required("time", time);
    mode = Parts.text(mode);
    reason = Parts.text(reason);
    hash = Parts.text(hash);
  }

  @Override
  public String id() {
    return Parts.id(this, keyId);
  }

  @Override
  public String subject() {
    return Parts.subject(this, "keys", keyId);
  }
}
