package io.vaultkms.model.event;

import java.time.Instant;

/**
 * The plugin of a key answers again on a node. Its time is the one of the node's report.
 *
 * @param node the node
 * @param keyId number of the key
 */
public record PluginRecovered(
    String clusterId, String component, Instant time, String node, long keyId) implements Story {

  public PluginRecovered {
    clusterId = Parts.required("clusterId", clusterId);
    component = Parts.text(component);
    time = Parts.required("time", time);
    node = Parts.text(node);
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
