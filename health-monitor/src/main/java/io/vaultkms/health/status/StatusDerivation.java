package io.vaultkms.health.status;

import io.vaultkms.health.history.History;
import io.vaultkms.health.history.MigrationRun;
import io.vaultkms.model.config.Mode;
import io.vaultkms.model.decision.Decision;
import io.vaultkms.model.decision.Observation;
import io.vaultkms.model.decision.Step;
import io.vaultkms.model.key.EncryptionKey;
import io.vaultkms.model.status.StatusReport;
import io.vaultkms.model.status.StatusReport.Condition;
import io.vaultkms.model.status.StatusReport.Run;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What people are told of a component. Pure: what is seen, what was told and what people were told
 * last give the same status every time, and a condition keeps its time while its status stays.
 */
public final class StatusDerivation {
  public static final String ENCRYPTED = "Encrypted";
  public static final String CONFIGURATION_ACCEPTED = "ConfigurationAccepted";
  public static final String IN_PROGRESS = "EncryptionInProgress";
  public static final String COMPLETED = "EncryptionCompleted";
  public static final String DEGRADED = "EncryptionDegraded";
  public static final String PLUGINS_DEGRADED = "KMSPluginsDegraded";

  private static final int LONGEST = 32_768;

  private StatusDerivation() {}

  /**
   * A status and what it rests on.
   *
   * @param seen completed with what was told of the contents that are wanted
   */
  public record Derived(Observation seen, Step step, Phase phase, StatusReport report) {}

  /**
   * @param observed by someone who may not read what the configuration refers to
   * @param before what people are told now; empty when nothing
   */
  public static Derived derive(
      Observation observed, History history, Optional<StatusReport> before) {
    Observation seen = JudgedObservation.of(observed, history);
    Step step = Decision.next(seen);
    Phase phase = Phase.of(step);
    Facts facts = new Facts(seen);
    Findings findings = new Findings(facts, step, phase, history);
    long writeKey = writeKey(facts, before);
    Finding accepted = accepted(findings, seen.wanted().generation(), before);
    StatusReport report =
        new StatusReport(
            phase.word(),
            facts.mode(writeKey).wire(),
            seen.newestKey().map(EncryptionKey::id).orElse(0L),
            facts.mode(writeKey) == Mode.IDENTITY ? 0 : writeKey,
            facts.readKeys(),
            seen.bundle().map(bundle -> bundle.revision()).orElse(0L),
            shorten(Sentences.of(step)),
            nodes(facts),
            new StatusReport.Configuration(
                seen.wanted().generation(),
                accepted.truth() == Finding.Truth.TRUE,
                findings.violations()),
            runs(history, before),
            conditions(findings, accepted, seen, before));
    return new Derived(seen, step, phase, report);
  }

  /** While a bundle is on its way some API servers still write as they did before. */
  private static long writeKey(Facts facts, Optional<StatusReport> before) {
    return facts.converged() || before.isEmpty() ? facts.writeKey() : before.get().writeKeyId();
  }

  private static StatusReport.Nodes nodes(Facts facts) {
    int total = facts.seen().expectedNodes().size();
    return new StatusReport.Nodes(total, total - facts.waiting().size());
  }

  /** A verdict that was told once counts for its generation, also when the log is away. */
  private static Finding accepted(
      Findings findings, long generation, Optional<StatusReport> before) {
    Finding now = findings.accepted();
    if (now.truth() != Finding.Truth.UNKNOWN) {
      return now;
    }
    return before
        .flatMap(report -> condition(report, CONFIGURATION_ACCEPTED))
        .filter(known -> known.observedGeneration() == generation)
        .filter(known -> known.status().equals(Finding.Truth.TRUE.word()))
        .map(known -> Finding.yes(known.reason(), known.message()))
        .orElse(now);
  }

  private static List<Condition> conditions(
      Findings findings, Finding accepted, Observation seen, Optional<StatusReport> before) {
    Map<String, Finding> found = new LinkedHashMap<>();
    found.put(ENCRYPTED, findings.encrypted());
    found.put(CONFIGURATION_ACCEPTED, accepted);
    found.put(IN_PROGRESS, findings.inProgress());
    found.put(COMPLETED, findings.completed());
    found.put(DEGRADED, findings.degraded());
    found.put(PLUGINS_DEGRADED, findings.pluginsDegraded());
    return found.entrySet().stream()
        .map(entry -> condition(entry.getKey(), entry.getValue(), seen, before))
        .toList();
  }

  private static Condition condition(
      String type, Finding finding, Observation seen, Optional<StatusReport> before) {
    Instant since =
        before
            .flatMap(report -> condition(report, type))
            .filter(known -> known.status().equals(finding.truth().word()))
            .map(Condition::lastTransitionTime)
            .orElse(seen.now().truncatedTo(ChronoUnit.SECONDS));
    return new Condition(
        type,
        finding.truth().word(),
        seen.wanted().generation(),
        since,
        finding.reason(),
        shorten(finding.message()));
  }

  /** The API server takes no longer ones. */
  private static String shorten(String message) {
    return message.length() <= LONGEST ? message : message.substring(0, LONGEST - 1) + "…";
  }

  /** Whether two statuses differ in nothing but counts and words. */
  public static boolean sameInSubstance(StatusReport one, StatusReport other) {
    return substance(one).equals(substance(other));
  }

  private static List<Object> substance(StatusReport report) {
    return List.of(
        report.phase(),
        report.keyId(),
        report.writeKeyId(),
        report.readKeyIds(),
        report.revision(),
        Optional.ofNullable(report.nodes()),
        Optional.ofNullable(report.configuration()),
        report.runs().stream().map(run -> run.id() + " " + run.state()).toList(),
        report.conditions().stream()
            .map(
                condition ->
                    List.of(
                        condition.type(),
                        condition.status(),
                        condition.reason(),
                        condition.observedGeneration()))
            .toList());
  }

  /** A condition of a status. */
  public static Optional<Condition> condition(StatusReport report, String type) {
    return report.conditions().stream()
        .filter(condition -> condition.type().equals(type))
        .findFirst();
  }

  /** What the log tells of a run counts more than what people were told of it. */
  private static List<Run> runs(History history, Optional<StatusReport> before) {
    Map<String, Run> runs = new LinkedHashMap<>();
    Stream.concat(
            history.newestRuns().stream().map(StatusDerivation::run),
            before.stream().flatMap(report -> report.runs().stream()))
        .forEach(run -> runs.putIfAbsent(run.keyId() + "/" + run.id(), run));
    return runs.values().stream()
        .sorted((one, other) -> began(other).compareTo(began(one)))
        .limit(History.RUNS)
        .toList();
  }

  private static Instant began(Run run) {
    return run.startedTime() == null ? Instant.MIN : run.startedTime();
  }

  private static Run run(MigrationRun run) {
    return new Run(
        run.id(),
        run.keyId(),
        run.state().word(),
        run.done(),
        run.total(),
        run.began(),
        run.finished().orElse(null));
  }
}
