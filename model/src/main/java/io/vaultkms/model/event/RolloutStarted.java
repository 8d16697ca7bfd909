package io.vaultkms.model.event;

import io.vaultkms.model.decision.Step.Purpose;
import java.time.Instant;
import java.util.List;

/**
 * A new bundle is on its way to the nodes.
 *
 * @param revision number of the bundle
 * @param purpose what it is for
 * @param keyId the key it is about
 * @param waiting the nodes that have yet to take it
 */
public record RolloutStarted(
    String clusterId,
    String component,
    Instant time,
    long revision,
    Purpose purpose,
    long keyId,
    List<String> waiting)
    implements Story {

  public RolloutStarted {
    clusterId = Parts.required("clusterId", clusterId);
    component = Parts.text(component);
    time = Parts.required("time", time);
    purpose = Parts.required("purpose", purpose);
    waiting = Parts.list(waiting);
  }

  @Override
  public String id() {
    return Parts.id(this, revision);
  }

  @Override
  public String subject() {
    return Parts.subject(this, "revisions", revision);
  }
}
