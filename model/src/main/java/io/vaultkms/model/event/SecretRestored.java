package io.vaultkms.model.event;

import java.time.Instant;

/**
 * A Secret that encryption rests on was gone, and is made anew from another that holds the same.
 *
 * @param name of the Secret
 * @param source the Secret that it was made from
 */
public record SecretRestored(
    String clusterId, String component, Instant time, String name, String source) implements Story {

  public SecretRestored {
    clusterId = Parts.required("clusterId", clusterId);
    component = Parts.text(component);
    time = Parts.required("time", time);
    name = Parts.text(name);
    source = Parts.text(source);
  }

  @Override
  public String id() {
    return Parts.id(this, name, time);
  }

  @Override
  public String subject() {
    return Parts.subject(this, "secrets", name);
  }
}
