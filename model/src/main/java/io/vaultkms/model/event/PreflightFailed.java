package io.vaultkms.model.event;

import java.time.Instant;

/**
 * A node could not use a configuration; nothing was minted, and no key was changed.
 *
 * @param hash eight characters that stand for the configuration and what it refers to
 * @param requestId names the request
 * @param node the node that says so; empty when it is not about one
 * @param step what failed, such as {@code login} or {@code encrypt}
 * @param reason why, in one sentence
 */
public record PreflightFailed(
    String clusterId,
    String component,
    Instant time,
    String hash,
    String requestId,
    String node,
    String step,
    String reason)
    implements Story {

  public PreflightFailed {
    clusterId = Parts.required("clusterId", clusterId);
    component = Parts.text(component);
    time = Parts.required("time", time);
    hash = Parts.text(hash);
    requestId = Parts.text(requestId);
    node = Parts.text(node);
    step = Parts.text(step);
    reason = Parts.text(reason);
  }

  /**
   * Another reason is another happening, but not the same one with other numbers in it, such as how
   * long was waited: a node tries again for as long as the request stands.
   */
  @Override
  public String id() {
    String kind = Parts.digest(reason.replaceAll("\\d+", "#"));
    return Parts.id(this, hash, requestId, node, step, kind);
  }

  @Override
  public String subject() {
    return Parts.subject(this, "config");
  }
}
