package io.vaultkms.model.decision;

import io.vaultkms.model.bundle.Bundle;
import io.vaultkms.model.decision.Step.Await;
import io.vaultkms.model.decision.Step.Awaited;
import io.vaultkms.model.decision.Step.Obstacle;
import io.vaultkms.model.decision.Step.Waiting;
import io.vaultkms.model.node.NodeReport;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whether every API server has applied the newest bundle. A node that is expected and silent counts
 * as not converged: its API server may be running with anything.
 */
public final class Convergence {
  private Convergence() {}

  /** Who is not there yet; empty when there is no bundle, or when all are. */
  public static List<Waiting> waiting(Observation seen) {
    if (seen.bundle().isEmpty()) {
      return List.of();
    }
    long revision = seen.bundle().get().revision();
    return seen.expectedNodes().stream()
        .flatMap(node -> waitingFor(seen, node, revision).stream())
        .toList();
  }

  /** Whether the newest bundle is on its way, and no node has moved on for longer than it may. */
  static boolean stalled(Observation seen) {
    return stall(seen).isPresent();
  }

  static Optional<Step> missing(Observation seen) {
    if (seen.bundle().isPresent() && seen.expectedNodes().isEmpty()) {
      return Optional.of(noNodes());
    }
    List<Waiting> waiting = waiting(seen);
    return waiting.isEmpty()
        ? Optional.empty()
        : Optional.of(
            stall(seen)
                .map(stall -> stall.blocked(Obstacle.ROLLOUT_STALLED, newest(seen)))
                .orElseGet(() -> new Await(Awaited.CONVERGENCE, waiting)));
  }

  static Step noNodes() {
    return new Step.Blocked(
        Obstacle.NO_NODES, "no control-plane node has reported: is the node agent running?");
  }

  private static String newest(Observation seen) {
    return "revision " + seen.bundle().map(Bundle.Revisioned::revision).orElse(0L);
  }

  /** Empty also when it is not known since when the bundle is out. */
  private static Optional<Stall> stall(Observation seen) {
    return seen.bundle()
        .flatMap(Bundle.Revisioned::rolledOut)
        .flatMap(
            rolledOut ->
                Stall.of(
                    seen,
                    Stall.latest(rolledOut, arrivals(seen)),
                    waiting(seen),
                    report -> Optional.ofNullable(report.waitingSince())));
  }

  private static Stream<Instant> arrivals(Observation seen) {
    long revision = seen.bundle().map(Bundle.Revisioned::revision).orElse(0L);
    return seen.expectedNodes().stream()
        .flatMap(node -> seen.freshReport(node).stream())
        .filter(report -> report.convergedRevision() == revision)
        .map(NodeReport::convergedTime)
        .filter(Objects::nonNull);
  }

  private static Optional<Waiting> waitingFor(Observation seen, String node, long revision) {
    Optional<NodeReport> report = seen.freshReport(node);
    if (report.isEmpty()) {
      return Optional.of(new Waiting(node, Stall.silence(seen, node)));
    }
    if (report.get().convergedRevision() == revision) {
      return Optional.empty();
    }
    String message = report.get().message();
    return Optional.of(
        new Waiting(node, message.isEmpty() ? "has not applied revision " + revision : message));
  }
}
