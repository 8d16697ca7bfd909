package io.vaultkms.cli.status;

import io.vaultkms.model.config.Violation;
import io.vaultkms.model.node.NodeReport;
import io.vaultkms.model.node.NodeReport.PluginHealth;
import io.vaultkms.model.node.NodeReport.PluginReport;
import io.vaultkms.model.status.StatusReport;
import io.vaultkms.model.status.StatusReport.Condition;
import io.vaultkms.model.status.StatusReport.Configuration;
import io.vaultkms.model.status.StatusReport.Run;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Pictures of clusters for tests: one settled, and what can be different. */
final class Pictures {
  static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  static final String COMPONENT = "kube-apiserver";

  private Pictures() {}

  static ClusterPicture of(StatusReport status, Map<String, NodeReport> nodes) {
    return new ClusterPicture(new TreeMap<>(Map.of(COMPONENT, status)), new TreeMap<>(nodes));
  }

  static StatusReport status(String phase) {
    return status(phase, List.of(), List.of(), List.of());
  }

  static StatusReport status(
      String phase, List<Violation> violations, List<Run> runs, List<Condition> conditions) {
    return new StatusReport(
        phase,
        "KMS",
        2,
        2,
        List.of(2L, 1L),
        7,
        "Everything is as wanted.",
        new StatusReport.Nodes(2, 2),
        new Configuration(3, violations.isEmpty(), violations),
        runs,
        conditions);
  }

  static Run run(String state, long done) {
    Instant finished = state.equals("Running") ? null : NOW.minusSeconds(46);
    return new Run("r", 2, state, done, 2500, NOW.minusSeconds(60), finished);
  }

  static Condition condition(String type, String status) {
    return new Condition(type, status, 3, NOW.minusSeconds(3600), "Reason", "A message.");
  }

  static NodeReport node(boolean ready, Instant reported, String message, PluginReport... plugins) {
    return new NodeReport(
        COMPONENT, 7, 7, NOW, "sha256:0", ready, List.of(plugins), null, reported, message);
  }

  static NodeReport healthyNode() {
    return node(true, NOW.minusSeconds(4), "", plugin(2, PluginHealth.HEALTHY));
  }

  static PluginReport plugin(long key, PluginHealth health) {
    boolean healthy = health == PluginHealth.HEALTHY;
    return new PluginReport(
        key, health, healthy ? "remote-" + key : null, null, NOW, healthy ? "" : "no socket");
  }
}
