package io.vaultkms.deployer;

import io.vaultkms.deployer.contract.BundleSecrets;
import io.vaultkms.model.decision.Convergence;
import io.vaultkms.model.decision.Observation;
import io.vaultkms.model.decision.PreflightRequest;
import io.vaultkms.model.decision.Step;
import io.vaultkms.model.decision.Wanted;
import io.vaultkms.model.event.Event;
import io.vaultkms.model.event.KeyUpdated;
import io.vaultkms.model.event.NodePreflight;
import io.vaultkms.model.event.PluginReady;
import io.vaultkms.model.event.PreflightFailed;
import io.vaultkms.model.event.PreflightSucceeded;
import io.vaultkms.model.event.RevisionConverged;
import io.vaultkms.model.event.RolloutStarted;
import io.vaultkms.model.event.SecretRestored;
import io.vaultkms.model.node.NodeReport;
import io.vaultkms.model.node.NodeReport.PluginReport;
import io.vaultkms.model.node.NodeReport.PreflightReport;
import io.vaultkms.platform.cluster.Contract;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Tells the log what is seen on the cluster. Each happening is told once by this process, and again
 * under the same id by one that comes after it: what is current is told, never what is remembered.
 */
final class Story {
  private final String clusterId;
  private final String component;
  private final KeyStory keys;
  private final Clock clock;
  private final Once once;

  Story(String clusterId, String component, KeyStory keys, Once once, Clock clock) {
    this.clusterId = clusterId;
    this.component = component;
    this.keys = keys;
    this.clock = clock;
    this.once = once;
  }

  void tell(Observation seen, Optional<BundleSecrets.Stored> stored) {
    seen.preflight().ifPresent(request -> preflight(seen, request));
    if (seen.wanted() instanceof Wanted.Incomplete incomplete) {
      incomplete(incomplete);
    }
    keys.tell(seen);
    stored.ifPresent(bundle -> rollout(seen, bundle));
  }

  /** That a key's Secret goes; to be said while it is still there. */
  void pruned(long keyId) {
    keys.pruned(keyId);
  }

  private void preflight(Observation seen, PreflightRequest request) {
    Map<String, PreflightReport> verdicts =
        seen.reports().entrySet().stream()
            .filter(entry -> entry.getValue().preflight() != null)
            .filter(
                entry ->
                    Objects.requireNonNull(entry.getValue().preflight())
                        .requestId()
                        .equals(request.id()))
            .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().preflight()));
    verdicts.forEach(
        (node, verdict) -> {
          if (!verdict.passed()) {
            failed(request, node, verdict);
          }
        });
    boolean all = verdicts.keySet().containsAll(seen.expectedNodes());
    if (all && verdicts.values().stream().allMatch(PreflightReport::passed)) {
      tell(
          new PreflightSucceeded(
              clusterId,
              component,
              clock.instant(),
              request.hash(),
              request.id(),
              verdicts.entrySet().stream()
                  .sorted(Map.Entry.comparingByKey())
                  .map(entry -> preflight(entry.getKey(), entry.getValue()))
                  .toList()));
    }
  }

  private static NodePreflight preflight(String node, PreflightReport verdict) {
    return new NodePreflight(
        node,
        verdict.remoteKeyId(),
        verdict.statusMillis(),
        verdict.encryptMillis(),
        verdict.decryptMillis());
  }

  private void failed(PreflightRequest request, String node, PreflightReport verdict) {
    tell(
        new PreflightFailed(
            clusterId,
            component,
            verdict.time(),
            request.hash(),
            request.id(),
            node,
            verdict.step(),
            verdict.reason()));
  }

  private void incomplete(Wanted.Incomplete incomplete) {
    String reason =
        incomplete.missing().stream().map(Object::toString).collect(Collectors.joining("; "));
    tell(
        new PreflightFailed(
            clusterId,
            component,
            clock.instant(),
            "",
            "generation-%d".formatted(incomplete.generation()),
            "",
            "References",
            reason));
  }

  private void rollout(Observation seen, BundleSecrets.Stored bundle) {
    bundle
        .restored()
        .ifPresent(
            restored ->
                tell(
                    new SecretRestored(
                        clusterId,
                        component,
                        restored.time(),
                        Contract.bundleSecret(component),
                        restored.source())));
    if (bundle.purpose() == Step.Purpose.IN_PLACE) {
      String hash = bundle.bundle().keys().get(bundle.keyId()).hash().orElse("");
      tell(new KeyUpdated(clusterId, component, bundle.time(), bundle.keyId(), hash));
    }
    List<String> waiting = Convergence.waiting(seen).stream().map(Step.Waiting::node).toList();
    tell(
        new RolloutStarted(
            clusterId,
            component,
            bundle.time(),
            bundle.revision(),
            bundle.purpose(),
            bundle.keyId(),
            waiting));
    seen.reports().forEach((node, report) -> ready(node, report, bundle));
    if (waiting.isEmpty() && !seen.expectedNodes().isEmpty()) {
      converged(seen, bundle);
    }
  }

  private void ready(String node, NodeReport report, BundleSecrets.Stored bundle) {
    Optional<PluginReport> plugin = report.plugin(bundle.keyId()).filter(PluginReport::healthy);
    if (report.observedRevision() == bundle.revision() && plugin.isPresent()) {
      tell(
          new PluginReady(
              clusterId,
              component,
              plugin.get().lastCheckedTime(),
              node,
              bundle.keyId(),
              bundle.revision(),
              plugin.get().remoteKeyId()));
    }
  }

  private void converged(Observation seen, BundleSecrets.Stored bundle) {
    Instant last =
        seen.expectedNodes().stream()
            .map(node -> seen.reports().get(node).convergedTime())
            .filter(Objects::nonNull)
            .max(Instant::compareTo)
            .orElse(clock.instant());
    tell(
        new RevisionConverged(
            clusterId,
            component,
            last,
            bundle.revision(),
            bundle.purpose(),
            bundle.keyId(),
            List.copyOf(seen.expectedNodes()),
            Math.max(0, Duration.between(bundle.time(), last).toMillis() / 1000.0)));
    keys.retired(seen, last);
  }

  private void tell(Event event) {
    once.tell(event);
  }
}
