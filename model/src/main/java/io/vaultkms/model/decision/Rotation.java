package io.vaultkms.model.decision;

import io.vaultkms.model.decision.Step.Await;
import io.vaultkms.model.decision.Step.Awaited;
import io.vaultkms.model.decision.Step.Migrate;
import io.vaultkms.model.decision.Step.MigrationReason;
import io.vaultkms.model.decision.Step.Waiting;
import io.vaultkms.model.key.EncryptionKey;
import io.vaultkms.model.node.NodeReport;
import io.vaultkms.model.node.NodeReport.PluginReport;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether the remote key has rotated since data was last rewritten. Stored data stays readable, so
 * there is no hurry, and it is rewritten only when every node has reported the same new remote key
 * id for long enough that every API server has asked its plugin since.
 */
final class Rotation {
  private Rotation() {}

  static Optional<Step> next(Observation seen, EncryptionKey key) {
    Optional<String> migratedTo = key.migrated().remoteKeyId();
    if (migratedTo.isEmpty()) {
      return Optional.empty();
    }
    List<PluginReport> reports = reports(seen, key.id());
    if (reports.stream().allMatch(report -> migratedTo.get().equals(report.remoteKeyId()))) {
      return Optional.empty();
    }
    List<Waiting> waiting = unsettled(seen, key.id());
    return Optional.of(
        waiting.isEmpty()
            ? new Migrate(key.id(), seen.component().resources(), MigrationReason.REMOTE_ROTATION)
            : new Await(Awaited.REMOTE_ROTATION, waiting));
  }

  /** Plugins that have said a remote key id; silence is not a rotation. */
  private static List<PluginReport> reports(Observation seen, long keyId) {
    return seen.expectedNodes().stream()
        .flatMap(node -> seen.freshReport(node).stream())
        .flatMap(report -> report.plugin(keyId).stream())
        .filter(plugin -> plugin.healthy() && plugin.remoteKeyId() != null)
        .toList();
  }

  private static List<Waiting> unsettled(Observation seen, long keyId) {
    List<Waiting> waiting = new ArrayList<>();
    Optional<String> newest =
        reports(seen, keyId).stream()
            .max((a, b) -> since(a).compareTo(since(b)))
            .map(PluginReport::remoteKeyId);
    Instant settled = seen.now().minus(seen.limits().rotationSettle());
    for (String node : seen.expectedNodes()) {
      Optional<PluginReport> plugin =
          seen.freshReport(node).flatMap((NodeReport report) -> report.plugin(keyId));
      if (plugin.isEmpty() || !plugin.get().healthy()) {
        waiting.add(new Waiting(node, "its plugin does not say its remote key id"));
      } else if (!newest.equals(Optional.ofNullable(plugin.get().remoteKeyId()))) {
        waiting.add(new Waiting(node, "does not report the new remote key id yet"));
      } else if (since(plugin.get()).isAfter(settled)) {
        waiting.add(new Waiting(node, "reports the new remote key id, not for long enough yet"));
      }
    }
    return waiting;
  }

  private static Instant since(PluginReport report) {
    return report.remoteKeyIdTime() == null ? Instant.MAX : report.remoteKeyIdTime();
  }
}
