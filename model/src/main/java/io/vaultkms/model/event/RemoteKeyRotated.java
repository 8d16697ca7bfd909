package io.vaultkms.model.event;

import java.time.Instant;

/**
 * The key in Vault has a new version; what was written under the old one is still readable.
 *
 * @param keyId number of the key
 * @param from the remote key id before
 * @param to the remote key id now
 */
public record RemoteKeyRotated(
    String clusterId, String component, Instant time, long keyId, String from, String to)
    implements Story {

  public RemoteKeyRotated {
    clusterId = Parts.required("clusterId", clusterId);
    component = Parts.text(component);
    time = Parts.required("time", time);
    from = Parts.text(from);
    to = Parts.text(to);
  }

  @Override
  public String id() {
    return Parts.id(this, keyId, from, to);
  }

  @Override
  public String subject() {
    return Parts.subject(this, "keys", keyId);
  }
}
