package io.vaultkms.model.decision;

import io.vaultkms.model.decision.Step.Blocked;
import io.vaultkms.model.decision.Step.Obstacle;
import io.vaultkms.model.decision.Step.Waiting;
import io.vaultkms.model.node.NodeReport;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Something that needs every node, of which some are missing and none has moved on for longer than
 * it may. A node that fell silent, or is new, counts from then.
 *
 * @param since when anything moved last
 * @param waiting who is waited for
 */
record Stall(Instant since, List<Waiting> waiting) {

  /**
   * Whether it is one; empty while it does not last too long.
   *
   * @param progress when a node moved on last, or when all of them were asked to
   * @param begun since when a node that reports is behind, by its own word; empty when it has been
   *     ever since the others were asked
   */
  static Optional<Stall> of(
      Observation seen,
      Instant progress,
      List<Waiting> waiting,
      Function<NodeReport, Optional<Instant>> begun) {
    Instant latest = seen.now().minus(seen.limits().stalledRollout());
    return waiting.stream()
        .map(node -> later(progress, waitingSince(seen, node.node(), begun)))
        .min(Instant::compareTo)
        .filter(since -> !since.isAfter(latest))
        .map(since -> new Stall(since, waiting));
  }

  private static Instant waitingSince(
      Observation seen, String node, Function<NodeReport, Optional<Instant>> begun) {
    NodeReport report = seen.reports().get(node);
    Optional<Instant> known =
        report == null
            ? Optional.ofNullable(seen.appeared().get(node))
            : seen.freshReport(node).isEmpty()
                ? Optional.of(report.reportedTime())
                : begun.apply(report);
    return known.orElse(Instant.MIN);
  }

  /** The latest of these moments, the first one at least. */
  static Instant latest(Instant first, Stream<Instant> others) {
    return others.reduce(first, Stall::later);
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }

  /** For a node without a report that counts: how long there has been none. */
  static String silence(Observation seen, String node) {
    NodeReport last = seen.reports().get(node);
    return last == null
        ? "has never reported"
        : "has not reported for %d s"
            .formatted(Duration.between(last.reportedTime(), seen.now()).toSeconds());
  }

  /**
   * The step that tells it.
   *
   * @param what has stalled, in words
   */
  Step blocked(Obstacle obstacle, String what) {
    return new Blocked(
        obstacle,
        "%s has made no progress since %s: %s"
            .formatted(
                what,
                since,
                waiting.stream()
                    .map(node -> node.node() + ": " + node.reason())
                    .collect(Collectors.joining("; "))));
  }
}
