package io.vaultkms.migrator.run;

import io.vaultkms.model.bundle.Bundle;
import io.vaultkms.model.decision.Convergence;
import io.vaultkms.model.decision.Observation;
import io.vaultkms.model.node.NodeReport;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a run rests on: every API server writes with the bundle of this revision, and has done so
 * without a break since these times. A run that began in one situation proves nothing in another.
 *
 * @param since by node; a node that does not say since when counts from each look anew
 */
record Situation(long revision, SortedMap<String, Instant> since) {
  Situation {
    since = Collections.unmodifiableSortedMap(new TreeMap<>(since));
  }

  /** The situation, while every node has converged; empty otherwise. */
  static Optional<Situation> of(Observation seen) {
    Optional<Long> revision = seen.bundle().map(Bundle.Revisioned::revision);
    if (revision.isEmpty() || seen.expectedNodes().isEmpty() || !waiting(seen).isEmpty()) {
      return Optional.empty();
    }
    SortedMap<String, Instant> since = new TreeMap<>();
    for (String node : seen.expectedNodes()) {
      NodeReport report = seen.reports().get(node);
      Instant time = report == null ? null : report.convergedTime();
      since.put(node, time == null ? Instant.MAX : time);
    }
    return Optional.of(new Situation(revision.get(), since));
  }

  /** Since when all of them write with it, as seen at that time. */
  Instant allSince(Instant now) {
    Instant latest = since.values().stream().max(Instant::compareTo).orElse(now);
    return latest.equals(Instant.MAX) ? now : latest;
  }

  /** Why this situation is over; empty while it lasts. */
  Optional<String> over(Observation seen) {
    long newest = seen.bundle().map(Bundle.Revisioned::revision).orElse(0L);
    if (newest != revision) {
      return Optional.of("revision %d has replaced revision %d".formatted(newest, revision));
    }
    List<String> away = waiting(seen);
    if (!away.isEmpty()) {
      return Optional.of("node " + String.join(", node ", away));
    }
    if (!since.equals(of(seen).map(Situation::since).orElse(Collections.emptySortedMap()))) {
      return Optional.of("a node has converged anew");
    }
    return Optional.empty();
  }

  private static List<String> waiting(Observation seen) {
    return Convergence.waiting(seen).stream()
        .map(waiting -> waiting.node() + ": " + waiting.reason())
        .toList();
  }
}
