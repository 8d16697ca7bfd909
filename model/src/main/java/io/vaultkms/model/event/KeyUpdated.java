package io.vaultkms.model.event;

import java.time.Instant;

/**
 * A key has another plugin configuration or other credentials, and is still the same key.
 *
 * @param keyId number of the key
 * @param hash eight characters that stand for the configuration and what it refers to
 */
public record KeyUpdated(String clusterId, String component, Instant time, long keyId, String hash)
    implements Story {

  public KeyUpdated {
    clusterId = Parts.required("clusterId", clusterId);
    component = Parts.text(component);
    time = Parts.required("time", time);
    hash = Parts.text(hash);
  }

  @Override
  public String id() {
    return Parts.id(this, keyId, hash);
  }

  @Override
  public String subject() {
    return Parts.subject(this, "keys", keyId);
  }
}
