package io.vaultkms.model.event;

import java.time.Instant;

/**
 * The plugin of a key answers on a node and has done a round trip.
 *
 * @param node the node
 * @param keyId number of the key
 * @param revision number of the bundle
 * @param remoteKeyId the key id that the plugin tells
 */
public record PluginReady(
    String clusterId,
    String component,
    Instant time,
    String node,
    long keyId,
    long revision,
    String remoteKeyId)
    implements Story {

  public PluginReady {
    clusterId = Parts.required("clusterId", clusterId);
    component = Parts.text(component);
    time = Parts.required("time", time);
    node = Parts.text(node);
    remoteKeyId = Parts.text(remoteKeyId);
  }

  @Override
  public String id() {
    return Parts.id(this, node, keyId, revision);
  }

  @Override
  public String subject() {
    return Parts.subject(this, "nodes", node, "plugins", keyId);
  }
}
