package io.vaultkms.model.event;

import java.time.Instant;

/**
 * The plugin of a key fails on a node. Its time is the one of the node's report, so that telling it
 * again is telling it once.
 *
 * @param node the node
 * @param keyId number of the key
 * @param status what the plugin or the connection says, such as {@code UNAVAILABLE}
 * @param detail more of it, in one sentence
 */
public record PluginDegraded(
    String clusterId,
    String component,
    Instant time,
    String node,
    long keyId,
    String status,
    String detail)
    implements Story {

  public PluginDegraded {
    clusterId = Parts.required("clusterId", clusterId);
    component = Parts.text(component);
    time = Parts.required("time", time);
    node = Parts.text(node);
    status = Parts.text(status);
    detail = Parts.text(detail);
  }

  @Override
  public String id() {
    return Parts.id(this, node, keyId, time);
  }

  @Override
  public String subject() {
    return Parts.subject(this, "nodes", node, "plugins", keyId);
  }
}
