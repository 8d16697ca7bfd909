package io.vaultkms.model.decision;

import io.vaultkms.model.config.Violation;
import io.vaultkms.model.decision.Step.Await;
import io.vaultkms.model.decision.Step.Awaited;
import io.vaultkms.model.decision.Step.Obstacle;
import io.vaultkms.model.decision.Step.Waiting;
import io.vaultkms.model.node.NodeReport;
import io.vaultkms.model.node.NodeReport.PreflightReport;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whether every node has tried a configuration with success. A verdict counts only for the request
 * it answers, and a request only for the key and the hash it was made for: so that no verdict from
 * before is taken for one of now, also after switching off and on.
 */
public final class Preflights {
  private Preflights() {}

  /** Why the standing request will not pass as things are, in words; empty while it may. */
  public static Optional<String> refusal(Observation seen) {
    return seen.preflight()
        .flatMap(request -> verdict(seen, request))
        .flatMap(
            step ->
                step instanceof Step.Blocked(Obstacle _, String message)
                    ? Optional.of(message)
                    : Optional.empty());
  }

  /** What was refused by now, by key: what the standing request found so, and itself. */
  public static SortedMap<Long, String> refused(Observation seen) {
    SortedMap<Long, String> refused = new TreeMap<>();
    seen.preflight().ifPresent(request -> refused.putAll(request.refused()));
    seen.preflight()
        .filter(request -> refusal(seen).isPresent())
        .ifPresent(request -> refused.put(request.keyId(), request.hash()));
    return refused;
  }

  /** What is still to do before a key may be minted or changed; empty when nothing is. */
  static Optional<Step> pass(Observation seen, long keyId, Optional<String> hash) {
    if (seen.expectedNodes().isEmpty()) {
      return Optional.of(Convergence.noNodes());
    }
    Optional<PreflightRequest> standing =
        seen.preflight()
            .filter(request -> request.keyId() == keyId)
            .filter(request -> hash.isEmpty() || hash.get().equals(request.hash()));
    if (standing.isEmpty()) {
      return Optional.of(
          hash.<Step>map(known -> new Step.Preflight(keyId, known))
              .orElseGet(
                  () ->
                      new Await(Awaited.PREFLIGHT, List.of(new Waiting("", "not asked for yet")))));
    }
    return verdict(seen, standing.get())
        .or(() -> hash.isEmpty() ? Optional.of(minting()) : Optional.empty());
  }

  /** What the plugin needs is not there: no node need be asked. */
  static Step incomplete(Wanted.Incomplete wanted) {
    return new Step.Blocked(
        Obstacle.PREFLIGHT_FAILED,
        "preflight failed at References: "
            + wanted.missing().stream().map(Violation::toString).collect(Collectors.joining("; ")));
  }

  /** All nodes said yes, and whoever may read the contents takes it from here. */
  private static Step minting() {
    return new Await(Awaited.PREFLIGHT, List.of(new Waiting("", "passed, the key comes next")));
  }

  private static Optional<Step> verdict(Observation seen, PreflightRequest request) {
    List<Waiting> waiting = new ArrayList<>();
    for (String node : seen.expectedNodes()) {
      Optional<PreflightReport> report = report(seen, request, node);
      if (report.isEmpty()) {
        waiting.add(new Waiting(node, missing(seen, node)));
      } else if (!report.get().passed()) {
        return Optional.of(failed(node, report.get()));
      }
    }
    return waiting.isEmpty() ? Optional.empty() : Optional.of(waitFor(seen, request, waiting));
  }

  private static Optional<PreflightReport> report(
      Observation seen, PreflightRequest request, String node) {
    return Optional.ofNullable(seen.reports().get(node))
        .map(NodeReport::preflight)
        .filter(preflight -> preflight.requestId().equals(request.id()));
  }

  private static String missing(Observation seen, String node) {
    return seen.freshReport(node).isEmpty() ? Stall.silence(seen, node) : "has no verdict yet";
  }

  /** Until no node has given a verdict for longer than it may take. */
  private static Step waitFor(Observation seen, PreflightRequest request, List<Waiting> waiting) {
    Stream<Instant> verdicts =
        seen.expectedNodes().stream()
            .flatMap(node -> report(seen, request, node).stream())
            .map(PreflightReport::time);
    return request
        .asked()
        .flatMap(
            asked ->
                Stall.of(seen, Stall.latest(asked, verdicts), waiting, report -> Optional.empty()))
        .map(
            stall ->
                stall.blocked(
                    Obstacle.PREFLIGHT_STALLED, "the preflight for key " + request.keyId()))
        .orElseGet(() -> new Await(Awaited.PREFLIGHT, waiting));
  }

  private static Step failed(String node, PreflightReport report) {
    return new Step.Blocked(
        Obstacle.PREFLIGHT_FAILED,
        "preflight failed on %s at %s: %s".formatted(node, report.step(), report.reason()));
  }
}
