package io.vaultkms.health.status;

import io.vaultkms.model.bundle.Bundle;
import io.vaultkms.model.bundle.ResourceKeys;
import io.vaultkms.model.config.Mode;
import io.vaultkms.model.decision.Convergence;
import io.vaultkms.model.decision.Observation;
import io.vaultkms.model.decision.Step.Waiting;
import io.vaultkms.model.key.EncryptionKey;
import io.vaultkms.model.node.NodeReport;
import io.vaultkms.model.node.NodeReport.PluginReport;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/** What an observation says about questions that people ask. */
record Facts(Observation seen) {
  /** Who has not applied the newest bundle. */
  List<Waiting> waiting() {
    return Convergence.waiting(seen);
  }

  boolean converged() {
    return !seen.expectedNodes().isEmpty() && waiting().isEmpty();
  }

  Bundle bundle() {
    return seen.currentBundle();
  }

  /** The key that writes every resource, in the newest bundle; 0 when none does, or not all. */
  long writeKey() {
    Set<OptionalLong> writers =
        seen.component().resources().stream()
            .map(bundle()::of)
            .map(ResourceKeys::writeKey)
            .collect(Collectors.toSet());
    return writers.size() == 1 ? writers.iterator().next().orElse(0) : 0;
  }

  Mode mode(long keyId) {
    Bundle.KeyContent content = bundle().keys().get(keyId);
    return content == null ? Mode.IDENTITY : content.mode();
  }

  Optional<EncryptionKey> key(long id) {
    return seen.key(id);
  }

  List<Long> readKeys() {
    return bundle().keys().keySet().stream().sorted(Comparator.reverseOrder()).toList();
  }

  /** A plugin that the newest bundle needs on a node; without a report when the node says none. */
  record NeededPlugin(String node, long keyId, Optional<PluginReport> report) {}

  /** The plugins that every node needs for the newest bundle, as the nodes say now. */
  List<NeededPlugin> plugins() {
    List<NeededPlugin> plugins = new ArrayList<>();
    for (String node : seen.expectedNodes()) {
      for (Map.Entry<Long, Bundle.KeyContent> key : bundle().keys().entrySet()) {
        if (key.getValue().mode() == Mode.KMS) {
          Optional<PluginReport> report =
              freshReport(node).flatMap(report0 -> report0.plugin(key.getKey()));
          plugins.add(new NeededPlugin(node, key.getKey(), report));
        }
      }
    }
    return plugins;
  }

  /** What a node says, unless it has been silent for so long that it counts for nothing. */
  private Optional<NodeReport> freshReport(String node) {
    return Optional.ofNullable(seen.reports().get(node))
        .filter(
            report ->
                !report.reportedTime().isBefore(seen.now().minus(seen.limits().staleReport())));
  }

  /** The remote key id that every expected node reports for that key, when all agree. */
  Optional<String> remoteKey(long keyId) {
    Set<Optional<String>> said =
        seen.expectedNodes().stream()
            .map(
                node ->
                    freshReport(node)
                        .flatMap(report -> report.plugin(keyId))
                        .filter(PluginReport::healthy)
                        .map(PluginReport::remoteKeyId)
                        .filter(Objects::nonNull))
            .collect(Collectors.toSet());
    return said.size() == 1 ? said.iterator().next() : Optional.empty();
  }
}
