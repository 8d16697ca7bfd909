package io.vaultkms.model.event;

import java.time.Instant;
import java.util.List;

/**
 * Every node could use a configuration: status, encrypt and decrypt.
 *
 * @param hash eight characters that stand for the configuration and what it refers to
 * @param requestId names the request
 * @param nodes what each node found
 */
public record PreflightSucceeded(
    String clusterId,
    String component,
    Instant time,
    String hash,
    String requestId,
    List<NodePreflight> nodes)
    implements Story {

  public PreflightSucceeded {
    clusterId = Parts.required("clusterId", clusterId);
    component = Parts.text(component);
    time = Parts.required("time", time);
    hash = Parts.text(hash);
    requestId = Parts.text(requestId);
    nodes = Parts.list(nodes);
  }

  @Override
  public String id() {
    return Parts.id(this, hash, requestId);
  }

  @Override
  public String subject() {
    return Parts.subject(this, "config");
  }
}
