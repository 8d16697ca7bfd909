package io.vaultkms.deployer.agent;

import io.vaultkms.deployer.agent.Probe.Result;
import io.vaultkms.model.node.NodeReport.PluginHealth;
import io.vaultkms.model.node.NodeReport.PluginReport;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;

/** What is reported of a plugin, from what a round trip said now and what was reported before. */
final class PluginReports {
  private PluginReports() {}

  static PluginReport after(long keyId, Result result, Optional<PluginReport> last, Instant now) {
    return switch (result) {
      case Result.Passed passed -> {
        Instant since =
            last.filter(before -> passed.remoteKeyId().equals(before.remoteKeyId()))
                .map(PluginReport::remoteKeyIdTime)
                .orElse(now);
        yield new PluginReport(keyId, PluginHealth.HEALTHY, passed.remoteKeyId(), since, now, "");
      }
      case Result.Failed failed ->
          new PluginReport(
              keyId,
              failed.reachable() ? PluginHealth.UNHEALTHY : PluginHealth.ERROR,
              last.map(PluginReport::remoteKeyId).orElse(null),
              last.map(PluginReport::remoteKeyIdTime).orElse(null),
              now,
              failed.step() + ": " + failed.reason());
    };
  }

  /** What the first plugin that is not well says. */
  static Optional<String> trouble(Collection<PluginReport> plugins) {
    return plugins.stream()
        .filter(plugin -> !plugin.healthy())
        .findFirst()
        .map(plugin -> "plugin of key %d: %s".formatted(plugin.keyId(), plugin.detail()));
  }
}
