package io.vaultkms.model.decision;

import io.vaultkms.model.decision.Step.Await;
import io.vaultkms.model.decision.Step.Awaited;
import io.vaultkms.model.decision.Step.Obstacle;
import io.vaultkms.model.decision.Step.Waiting;
import io.vaultkms.model.node.NodeReport;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

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

  static Optional<Step> missing(Observation seen) {
    if (seen.bundle().isPresent() && seen.expectedNodes().isEmpty()) {
      return Optional.of(noNodes());
    }
    List<Waiting> waiting = waiting(seen);
    return waiting.isEmpty()
        ? Optional.empty()
        : Optional.of(new Await(Awaited.CONVERGENCE, waiting));
  }

  static Step noNodes() {
    return new Step.Blocked(
        Obstacle.NO_NODES, "no control-plane node has reported: is the node agent running?");
  }

  private static Optional<Waiting> waitingFor(Observation seen, String node, long revision) {
    Optional<NodeReport> report = seen.freshReport(node);
    if (report.isEmpty()) {
      return Optional.of(new Waiting(node, silence(seen, node)));
    }
    if (report.get().convergedRevision() == revision) {
      return Optional.empty();
    }
    String message = report.get().message();
    return Optional.of(
        new Waiting(node, message.isEmpty() ? "has not applied revision " + revision : message));
  }

  private static String silence(Observation seen, String node) {
    NodeReport last = seen.reports().get(node);
    return last == null
        ? "has never reported"
        : "has not reported for %d s"
            .formatted(Duration.between(last.reportedTime(), seen.now()).toSeconds());
  }
}
