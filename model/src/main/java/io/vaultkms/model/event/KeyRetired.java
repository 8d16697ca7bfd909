package io.vaultkms.model.event;

import java.time.Instant;

/**
 * No API server has the key any more, and nothing is stored under it.
 *
 * @param keyId number of the key
 * @param how what became of it: {@value #RETIRED}, {@value #WITHDRAWN} or {@value #PRUNED}
 */
public record KeyRetired(String clusterId, String component, Instant time, long keyId, String how)
    implements Story {

  /** Another key took its place everywhere; only backups may still be under it. */
  public static final String RETIRED = "retired";

  /** It was never the write key of any API server. */
  public static final String WITHDRAWN = "withdrawn";

  /** Its Secret goes too. */
  public static final String PRUNED = "pruned";

  public KeyRetired {
    clusterId = Parts.required("clusterId", clusterId);
    component = Parts.text(component);
    time = Parts.required("time", time);
    how = Parts.text(how);
  }

  @Override
  public String id() {
    return Parts.id(this, keyId, how);
  }

  @Override
  public String subject() {
    return Parts.subject(this, "keys", keyId);
  }
}
