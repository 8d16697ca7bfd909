package io.vaultkms.cli.status;

import io.vaultkms.model.node.NodeReport;
import io.vaultkms.model.status.StatusReport;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the cluster says of its encryption.
 *
 * @param components the status of each component by its name
 * @param nodes the report of each node that has made one, by the node's name
 */
record ClusterPicture(
    SortedMap<String, StatusReport> components, SortedMap<String, NodeReport> nodes) {

  ClusterPicture {
    components = Collections.unmodifiableSortedMap(new TreeMap<>(components));
    nodes = Collections.unmodifiableSortedMap(new TreeMap<>(nodes));
  }

  /** The nodes that run an API server of that component. */
  SortedMap<String, NodeReport> nodesOf(String component) {
    SortedMap<String, NodeReport> found = new TreeMap<>(nodes);
    found.values().removeIf(report -> !component.equals(report.component()));
    return found;
  }
}
