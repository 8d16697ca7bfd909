package io.vaultkms.health.history;

import java.util.Comparator;

/** The plugin of one key on one node. */
public record PluginOnNode(String node, long keyId) implements Comparable<PluginOnNode> {
  @Override
  public int compareTo(PluginOnNode other) {
    return Comparator.comparing(PluginOnNode::node)
        .thenComparingLong(PluginOnNode::keyId)
        .compare(this, other);
  }
}
