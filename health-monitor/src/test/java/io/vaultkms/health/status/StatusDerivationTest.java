package io.vaultkms.health.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaultkms.health.history.History;
import io.vaultkms.model.config.Violation;
import io.vaultkms.model.event.ConfigChange;
import io.vaultkms.model.event.ConfigChanged;
import io.vaultkms.model.event.ConfigRejected;
import io.vaultkms.model.event.Event;
import io.vaultkms.model.event.MigrationDone;
import io.vaultkms.model.event.MigrationFailed;
import io.vaultkms.model.event.MigrationProgressed;
import io.vaultkms.model.event.MigrationStarted;
import io.vaultkms.model.event.ResourceCounts;
import io.vaultkms.model.status.StatusReport;
import io.vaultkms.model.status.StatusReport.Condition;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class StatusDerivationTest {
  private static final String NOTHING_TO_DO =
      "Encrypted=False ConfigurationAccepted=True EncryptionInProgress=False"
          + " EncryptionCompleted=True EncryptionDegraded=False KMSPluginsDegraded=False";

  static List<Arguments> situations() {
    return List.of(
        row("nobody ever wanted anything", new Seen(), nothing(), "Settled", NOTHING_TO_DO),
        row(
            "nobody has judged the references yet",
            new Seen().wantsKms(),
            nothing(),
            "Preflight",
            "Encrypted=False ConfigurationAccepted=Unknown EncryptionInProgress=True"
                + " EncryptionCompleted=False EncryptionDegraded=False KMSPluginsDegraded=False"),
        row(
            "a document that breaks rules",
            new Seen().wantsNonsense(),
            nothing(),
            "Refused",
            "Encrypted=False ConfigurationAccepted=False EncryptionInProgress=False"
                + " EncryptionCompleted=False EncryptionDegraded=True KMSPluginsDegraded=False"),
        row(
            "a Secret that is not there",
            new Seen().wantsKms(),
            rejected(1),
            "Blocked",
            "Encrypted=False ConfigurationAccepted=False EncryptionInProgress=False"
                + " EncryptionCompleted=False EncryptionDegraded=True KMSPluginsDegraded=False"),
        row(
            "a verdict on an older generation",
            new Seen().wantsKms().wantsKms(),
            rejected(1),
            "Preflight",
            "Encrypted=False ConfigurationAccepted=Unknown EncryptionInProgress=True"
                + " EncryptionCompleted=False EncryptionDegraded=False KMSPluginsDegraded=False"),
        row(
            "a preflight that failed",
            new Seen()
                .wantsKms()
                .hasPreflight(Seen.HASH)
                .preflightFails("n2", "Encrypt", "no such key"),
            accepted(1),
            "Blocked",
            "Encrypted=False ConfigurationAccepted=True EncryptionInProgress=False"
                + " EncryptionCompleted=False EncryptionDegraded=True KMSPluginsDegraded=False"),
        row(
            "a preflight that a node does not answer",
            new Seen().wantsKms().hasPreflight(Seen.HASH).later(Duration.ofMinutes(10)),
            accepted(1),
            "Blocked",
            "Encrypted=False ConfigurationAccepted=True EncryptionInProgress=False"
                + " EncryptionCompleted=False EncryptionDegraded=True KMSPluginsDegraded=False"),
        row(
            "a read key on its way",
            new Seen().wantsKms().hasKey(1).reads(1, 1).converges("n1"),
            accepted(1),
            "RollingOut",
            "Encrypted=False ConfigurationAccepted=True EncryptionInProgress=True"
                + " EncryptionCompleted=False EncryptionDegraded=False KMSPluginsDegraded=Unknown"),
        row(
            "a read key on its way whose plugin does not answer yet",
            starting(),
            accepted(1),
            "RollingOut",
            "Encrypted=False ConfigurationAccepted=True EncryptionInProgress=True"
                + " EncryptionCompleted=False EncryptionDegraded=False KMSPluginsDegraded=Unknown"),
        row(
            "a write key that has converged",
            new Seen().wantsKms().hasKey(1).reads(1, 1).writes(2, 1).converges(),
            accepted(1),
            "Migrating",
            "Encrypted=False ConfigurationAccepted=True EncryptionInProgress=True"
                + " EncryptionCompleted=False EncryptionDegraded=False KMSPluginsDegraded=False"),
        row(
            "half of it migrated",
            new Seen()
                .wantsKms()
                .hasKey(1)
                .reads(1, 1)
                .writes(2, 1)
                .converges()
                .migrated(1, "secrets"),
            accepted(1),
            "Migrating",
            "Encrypted=False ConfigurationAccepted=True EncryptionInProgress=True"
                + " EncryptionCompleted=False EncryptionDegraded=False KMSPluginsDegraded=False"),
        row(
            "a migration that failed",
            new Seen().wantsKms().hasKey(1).reads(1, 1).writes(2, 1).converges(),
            accepted(1).after(failed(1)),
            "Migrating",
            "Encrypted=False ConfigurationAccepted=True EncryptionInProgress=True"
                + " EncryptionCompleted=False EncryptionDegraded=True KMSPluginsDegraded=False"),
        row(
            "everything migrated",
            new Seen().settled(),
            accepted(1),
            "Settled",
            "Encrypted=True ConfigurationAccepted=True EncryptionInProgress=False"
                + " EncryptionCompleted=True EncryptionDegraded=False KMSPluginsDegraded=False"),
        row(
            "encrypted, and then a broken document",
            new Seen().settled().wantsNonsense(),
            accepted(1),
            "Refused",
            "Encrypted=True ConfigurationAccepted=False EncryptionInProgress=False"
                + " EncryptionCompleted=False EncryptionDegraded=True KMSPluginsDegraded=False"),
        row(
            "encrypted, and then other credentials that nobody tried yet",
            new Seen().settled(),
            accepted(1, "hash-two"),
            "Preflight",
            "Encrypted=True ConfigurationAccepted=True EncryptionInProgress=True"
                + " EncryptionCompleted=False EncryptionDegraded=False KMSPluginsDegraded=False"),
        row(
            "encrypted, and then credentials that do not work",
            new Seen()
                .settled()
                .hasPreflight("hash-two")
                .preflightFails("n1", "Status", "invalid secret id"),
            accepted(1),
            "Blocked",
            "Encrypted=True ConfigurationAccepted=True EncryptionInProgress=False"
                + " EncryptionCompleted=False EncryptionDegraded=True KMSPluginsDegraded=False"),
        row(
            "encrypted, and new credentials are tried for an older key",
            new Seen().moved().hasPreflight("hash-two", 1),
            accepted(1),
            "Preflight",
            "Encrypted=True ConfigurationAccepted=True EncryptionInProgress=True"
                + " EncryptionCompleted=False EncryptionDegraded=False KMSPluginsDegraded=False"),
        row(
            "encrypted, and new credentials do not work for an older key",
            new Seen()
                .moved()
                .hasPreflight("hash-two", 1)
                .preflightFails("n1", "Encrypt", "permission denied"),
            accepted(1),
            "Settled",
            "Encrypted=True ConfigurationAccepted=True EncryptionInProgress=False"
                + " EncryptionCompleted=True EncryptionDegraded=True KMSPluginsDegraded=False"),
        row(
            "encrypted, and one plugin fails",
            failing(),
            accepted(1),
            "Settled",
            "Encrypted=True ConfigurationAccepted=True EncryptionInProgress=False"
                + " EncryptionCompleted=True EncryptionDegraded=False KMSPluginsDegraded=True"),
        row(
            "encrypted, and the nodes are silent",
            new Seen().settled().later(Duration.ofMinutes(5)),
            accepted(1),
            "RollingOut",
            "Encrypted=False ConfigurationAccepted=True EncryptionInProgress=True"
                + " EncryptionCompleted=False EncryptionDegraded=False"
                + " KMSPluginsDegraded=Unknown"));
  }

  @ParameterizedTest(name = "{0}: {3}")
  @MethodSource("situations")
  void tellsWhatIsSo(String what, Seen seen, History history, String phase, String conditions) {
    StatusReport report = derive(seen, history, Optional.empty());

    assertThat(report.phase()).isEqualTo(phase);
    assertThat(words(report)).isEqualTo(conditions);
    assertThat(report.message()).matches("[A-Z].*[.)'a-z]");
    assertThat(report.conditions())
        .allSatisfy(c -> assertThat(c.reason()).matches("[A-Z][A-Za-z]+"))
        .allSatisfy(c -> assertThat(c.message()).isNotEmpty());
  }

  @Test
  void namesEveryViolation() {
    StatusReport report = derive(new Seen().wantsNonsense(), nothing(), Optional.empty());

    assertThat(condition(report, "ConfigurationAccepted").message())
        .contains("spec.encryption.type 'KMZ' must be a mode")
        .contains("spec.encryption.kms must not be set");
    assertThat(report.configuration().violations()).hasSize(2);
    assertThat(report.configuration().accepted()).isFalse();
  }

  @Test
  void namesTheNodesThatAStalledPreflightWaitsFor() {
    Seen seen =
        new Seen().wantsKms().hasPreflight(Seen.HASH).later(Duration.ofMinutes(10)).reportsAgain();

    Condition degraded =
        condition(derive(seen, accepted(1), Optional.empty()), "EncryptionDegraded");

    assertThat(degraded.reason()).isEqualTo("PreflightStalled");
    assertThat(degraded.message())
        .isEqualTo(
            "The preflight for key 1 has made no progress since 2026-11-23T12:00:00Z:"
                + " n1: has no verdict yet; n2: has no verdict yet.");
  }

  @Test
  void aConditionKeepsItsTimeWhileItsStatusStays() {
    Seen seen = new Seen().wantsKms().hasKey(1).reads(1, 1).writes(2, 1).converges();
    StatusReport first = derive(seen, accepted(1), Optional.empty());
    seen.later(Duration.ofSeconds(30)).reportsAgain();
    StatusReport second = derive(seen, accepted(1), Optional.of(first));
    seen.later(Duration.ofSeconds(30)).reportsAgain().migrated(1, "configmaps", "secrets");
    StatusReport third = derive(seen, accepted(1), Optional.of(second));

    assertThat(second).isEqualTo(first);
    assertThat(condition(third, "Encrypted").lastTransitionTime())
        .isEqualTo(Seen.NOON.plusSeconds(60));
    assertThat(condition(third, "KMSPluginsDegraded").lastTransitionTime()).isEqualTo(Seen.NOON);
  }

  @Test
  void tellsTheKeyThatWritesEverywhereAndNotTheOneOnItsWay() {
    Seen seen = new Seen().wantsKms().hasKey(1).reads(1, 1).converges();
    StatusReport reading = derive(seen, accepted(1), Optional.empty());
    StatusReport rolling =
        derive(seen.writes(2, 1).converges("n1"), accepted(1), Optional.of(reading));
    StatusReport writing = derive(seen.converges("n2"), accepted(1), Optional.of(rolling));

    assertThat(reading.writeKeyId()).isZero();
    assertThat(reading.readKeyIds()).containsExactly(1L);
    assertThat(rolling.writeKeyId()).isZero();
    assertThat(rolling.nodes()).isEqualTo(new StatusReport.Nodes(2, 1));
    assertThat(writing.writeKeyId()).isEqualTo(1);
    assertThat(writing.mode()).isEqualTo("KMS");
    assertThat(writing.revision()).isEqualTo(2);
  }

  @Test
  void aVerdictCountsForItsGenerationAlsoAfterTheLogIsLost() {
    StatusReport before = derive(new Seen().settled(), accepted(1), Optional.empty());
    StatusReport after = derive(new Seen().settled(), nothing(), Optional.of(before));

    assertThat(after).isEqualTo(before);
  }

  @Test
  void keepsTheLastFiveRunsNewestFirst() {
    History history = nothing();
    for (int run = 1; run <= 7; run++) {
      history = history.after(started("run-" + run, Seen.NOON.plusSeconds(run)));
    }
    history =
        history
            .after(progressed("run-7", "secrets", 10, 40))
            .after(progressed("run-7", "configmaps", 5, 10));

    assertThat(derive(new Seen(), history, Optional.empty()).runs())
        .extracting(StatusReport.Run::id)
        .containsExactly("run-7", "run-6", "run-5", "run-4", "run-3");
    assertThat(derive(new Seen(), history, Optional.empty()).runs().getFirst())
        .isEqualTo(
            new StatusReport.Run("run-7", 1, "Running", 15, 50, Seen.NOON.plusSeconds(7), null));
  }

  @Test
  void keepsRunsThatOnlyTheStatusStillKnows() {
    StatusReport before =
        derive(new Seen(), nothing().after(started("old", Seen.NOON)), Optional.empty());
    History history =
        nothing()
            .after(started("new", Seen.NOON.plusSeconds(60)))
            .after(
                new MigrationDone(
                    "c",
                    "kube-apiserver",
                    Seen.NOON.plusSeconds(90),
                    1,
                    "new",
                    List.of(new ResourceCounts("secrets", 40, 38, 1, 1, 0, 0, 12.5))));

    assertThat(derive(new Seen(), history, Optional.of(before)).runs())
        .extracting(run -> run.id() + " " + run.state() + " " + run.done() + "/" + run.total())
        .containsExactly("new Done 40/40", "old Running 0/0");
  }

  private static Seen starting() {
    Seen seen = new Seen().wantsKms().hasKey(1).reads(1, 1).converges("n1");
    return seen.plugin("n2", seen.failing(1));
  }

  private static Seen failing() {
    Seen seen = new Seen().settled();
    return seen.plugin("n2", seen.failing(1));
  }

  private static StatusReport derive(Seen seen, History history, Optional<StatusReport> before) {
    return StatusDerivation.derive(seen.look(), history, before).report();
  }

  private static Condition condition(StatusReport report, String type) {
    return StatusDerivation.condition(report, type).orElseThrow();
  }

  private static String words(StatusReport report) {
    return report.conditions().stream()
        .map(condition -> condition.type() + "=" + condition.status())
        .collect(Collectors.joining(" "));
  }

  private static Arguments row(
      String what, Seen seen, History history, String phase, String conditions) {
    return Arguments.of(what, seen, history, phase, conditions);
  }

  private static History nothing() {
    return History.NOTHING;
  }

  private static History accepted(long generation) {
    return accepted(generation, Seen.HASH);
  }

  private static History accepted(long generation, String hash) {
    return nothing()
        .after(
            new ConfigChanged(
                "c",
                "kube-apiserver",
                Seen.NOON,
                generation,
                hash,
                ConfigChange.ENABLE,
                "KMS",
                Map.of(),
                List.of()));
  }

  private static History rejected(long generation) {
    return nothing()
        .after(
            new ConfigRejected(
                "c",
                "kube-apiserver",
                Seen.NOON,
                generation,
                "refused",
                List.of(new Violation("field", "vault-approle", "must name a Secret"))));
  }

  private static Event started(String run, Instant time) {
    return new MigrationStarted("c", "kube-apiserver", time, 1, run, List.of("secrets"));
  }

  private static Event progressed(String run, String resource, long done, long total) {
    return new MigrationProgressed(
        "c", "kube-apiserver", Seen.NOON.plusSeconds(60), 1, run, resource, done, total, 10);
  }

  private static Event failed(long keyId) {
    return new MigrationFailed(
        "c", "kube-apiserver", Seen.NOON, keyId, "run", "secrets", "a webhook refuses", List.of());
  }
}
