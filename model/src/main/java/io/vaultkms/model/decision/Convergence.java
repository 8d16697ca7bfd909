package io.vaultkms.model.decision;

import io.vaultkms.model.bundle.Bundle;
import io.vaultkms.model.decision.Step.Await;
import io.vaultkms.model.decision.Step.Awaited;
import io.vaultkms.model.decision.Step.Obstacle;
import io.vaultkms.model.decision.Step.Waiting;
import io.vaultkms.model.node.NodeReport;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
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
  public static boolean stalled(Observation seen) {
    return stalledSince(seen).isPresent();
  }

  static Optional<Step> missing(Observation seen) {
    if (seen.bundle().isPresent() && seen.expectedNodes().isEmpty()) {
      return Optional.of(noNodes());
    }
    List<Waiting> waiting = waiting(seen);
    return waiting.isEmpty()
        ? Optional.empty()
        : Optional.of(
            stalledSince(seen)
                .map(since -> stalled(seen, waiting, since))
                .orElseGet(() -> new Await(Awaited.CONVERGENCE, waiting)));
  }

  static Step noNodes() {
    return new Step.Blocked(
        Obstacle.NO_NODES, "no control-plane node has reported: is the node agent running?");
  }

  private static Step stalled(Observation seen, List<Waiting> waiting, Instant since) {
    return new Step.Blocked(
        Obstacle.ROLLOUT_STALLED,
        "revision %d has made no progress since %s: %s"
            .formatted(
                seen.bundle().map(Bundle.Revisioned::revision).orElse(0L),
                since,
                waiting.stream()
                    .map(node -> node.node() + ": " + node.reason())
                    .collect(Collectors.joining("; "))));
  }

  /** Since when nothing has moved; empty while that is not too long, or not known. */
  private static Optional<Instant> stalledSince(Observation seen) {
    Instant latest = seen.now().minus(seen.limits().stalledRollout());
    return seen.bundle()
        .flatMap(Bundle.Revisioned::rolledOut)
        .map(rolledOut -> lastArrival(seen, rolledOut))
        .flatMap(
            progress ->
                waiting(seen).stream()
                    .map(node -> later(progress, waitingSince(seen, node.node())))
                    .min(Instant::compareTo))
        .filter(since -> !since.isAfter(latest));
  }

  private static Instant lastArrival(Observation seen, Instant rolledOut) {
    long revision = seen.bundle().map(Bundle.Revisioned::revision).orElse(0L);
    return seen.expectedNodes().stream()
        .flatMap(node -> seen.freshReport(node).stream())
        .filter(report -> report.convergedRevision() == revision)
        .map(NodeReport::convergedTime)
        .filter(Objects::nonNull)
        .reduce(rolledOut, Convergence::later);
  }

  /** A node that fell silent or is new has not been waited for since the bundle went out. */
  private static Instant waitingSince(Observation seen, String node) {
    NodeReport report = seen.reports().get(node);
    Stream<Instant> known =
        report == null
            ? Stream.ofNullable(seen.appeared().get(node))
            : seen.freshReport(node).isEmpty()
                ? Stream.of(report.reportedTime())
                : Stream.ofNullable(report.waitingSince());
    return known.findFirst().orElse(Instant.MIN);
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
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
