package io.vaultkms.migrator.run;

import io.vaultkms.model.bundle.Bundle;
import io.vaultkms.model.decision.Observation;
import io.vaultkms.model.node.NodeReport;
import io.vaultkms.model.node.NodeReport.PluginReport;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Which remote key data is written with from the beginning of a run on. It is read when the run
 * begins, not when it ends: a rotation on the way must be seen as one afterwards.
 */
final class RemoteKey {
  /** Differs from whatever any plugin reports, so that a rotation is seen, and data rewritten. */
  static final String UNSETTLED = "";

  private RemoteKey() {}

  /**
   * The remote key id that every API server writes with; {@link #UNSETTLED} when they may not all
   * use the same one yet; empty for a key that has none.
   */
  static Optional<String> of(Observation seen, long keyId) {
    Set<String> ids = new HashSet<>();
    boolean settled = true;
    for (String node : seen.expectedNodes()) {
      NodeReport report = seen.reports().get(node);
      Optional<PluginReport> plugin = report == null ? Optional.empty() : report.plugin(keyId);
      if (plugin.isPresent() && plugin.get().remoteKeyId() != null) {
        ids.add(plugin.get().remoteKeyId());
        settled &= settled(seen, plugin.get());
      } else {
        settled = false;
      }
    }
    if (ids.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(settled && ids.size() == 1 ? ids.iterator().next() : UNSETTLED);
  }

  /** Since when every API server has used the remote key that its plugin reports. */
  static Instant settledSince(Observation seen, long keyId) {
    return seen.expectedNodes().stream()
        .flatMap(node -> Optional.ofNullable(seen.reports().get(node)).stream())
        .flatMap(report -> report.plugin(keyId).stream())
        .flatMap(plugin -> Optional.ofNullable(plugin.remoteKeyIdTime()).stream())
        .max(Instant::compareTo)
        .map(time -> time.plus(seen.limits().rotationSettle()))
        .orElse(Instant.EPOCH);
  }

  /**
   * An API server asks its plugin when it takes up a bundle, and once a minute; so it uses what was
   * reported before the bundle went out, and what has been reported for some minutes. That it has
   * converged since says nothing: it may have asked long before that was seen, or seen again.
   */
  private static boolean settled(Observation seen, PluginReport plugin) {
    Instant time = plugin.remoteKeyIdTime();
    if (time == null) {
      return false;
    }
    Optional<Instant> rolledOut = seen.bundle().flatMap(Bundle.Revisioned::rolledOut);
    return rolledOut.isPresent() && !time.isAfter(rolledOut.get())
        || !time.isAfter(seen.now().minus(seen.limits().rotationSettle()));
  }
}
