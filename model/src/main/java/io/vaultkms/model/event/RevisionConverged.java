package io.vaultkms.model.event;

import io.vaultkms.model.decision.Step.Purpose;
import java.time.Instant;
import java.util.List;

/**
 * Every serving API server has loaded the bundle.
 *
 * @param revision number of the bundle
 * @param purpose what it is for
 * @param keyId the key it is about
 * @param nodes the nodes that have it
 * @param seconds time since it was rolled out
 */
public record RevisionConverged(
    String clusterId,
    String component,
    Instant time,
    long revision,
    Purpose purpose,
    long keyId,
    List<String> nodes,
    double seconds)
    implements Story {

  public RevisionConverged {
    clusterId = Parts.required("clusterId", clusterId);
    component = Parts.text(component);
    time = Parts.required("time", time);
    purpose = Parts.required("purpose", purpose);
    nodes = Parts.list(nodes);
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
