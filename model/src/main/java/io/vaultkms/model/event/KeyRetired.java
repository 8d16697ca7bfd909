package io.vaultkms.model.event;

import java.time.Instant;

/**
 * No API server has the key any more, and nothing is stored under it.
 *
 * @param keyId number of the key
 * @param how what became of it, such as {@code pruned}
 */
public record KeyRetired(String clusterId, String component, Instant time, long keyId, String how)
    implements Story {

  public KeyRetired {
    clusterId = Parts.required("clusterId", clusterId);
    component = Parts.text(component);
    time = Parts.required("time", time);
    how = Parts.text(how);
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
