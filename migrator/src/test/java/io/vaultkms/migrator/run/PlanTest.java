package io.vaultkms.migrator.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaultkms.migrator.api.Meta;
import io.vaultkms.model.bundle.Bundle;
import io.vaultkms.model.config.Mode;
import io.vaultkms.model.decision.Component;
import io.vaultkms.model.decision.Observation;
import io.vaultkms.model.decision.Step.Migrate;
import io.vaultkms.model.decision.Step.MigrationReason;
import io.vaultkms.model.decision.Wanted;
import io.vaultkms.model.node.NodeReport;
import io.vaultkms.model.node.NodeReport.PluginHealth;
import io.vaultkms.model.node.NodeReport.PluginReport;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What a run rests on, and what of it ends the run. */
class PlanTest {
  private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final Migrate NEW_KEY =
      new Migrate(1, Component.KUBE_APISERVER.resources(), MigrationReason.NEW_KEY);
  private static final Migrate ROTATION =
      new Migrate(1, Component.KUBE_APISERVER.resources(), MigrationReason.REMOTE_ROTATION);

  private static NodeReport node(long revision, long convergedAgo, String remote, long remoteAgo) {
    return new NodeReport(
        "kube-apiserver",
        revision,
        revision,
        NOW.minusSeconds(convergedAgo),
        null,
        true,
        remote.isEmpty()
            ? List.of()
            : List.of(
                new PluginReport(
                    1, PluginHealth.HEALTHY, remote, NOW.minusSeconds(remoteAgo), NOW, "")),
        null,
        NOW,
        "");
  }

  private static Observation seen(long revision, NodeReport first, NodeReport second) {
    return seen(revision, Optional.empty(), first, second);
  }

  private static Observation seen(
      long revision, Optional<Instant> rolledOut, NodeReport first, NodeReport second) {
    SortedMap<String, NodeReport> reports = new TreeMap<>();
    reports.put("n1", first);
    reports.put("n2", second);
    return new Observation(
        Component.KUBE_APISERVER,
        new Wanted.Local(1, Mode.IDENTITY),
        List.of(),
        Optional.of(new Bundle.Revisioned(revision, Bundle.EMPTY, rolledOut, 0)),
        new TreeSet<>(reports.keySet()),
        reports,
        Optional.empty(),
        NOW,
        Observation.Limits.DEFAULT);
  }

  private static Observation rolledOut(long secondsAgo, NodeReport first, NodeReport second) {
    return seen(3, Optional.of(NOW.minusSeconds(secondsAgo)), first, second);
  }

  private static Plan plan(Migrate step, Observation seen) {
    return Plan.of(step, seen, TIMEOUT).orElseThrow();
  }

  @Test
  void theMarkIsDueOneRequestTimeoutAfterTheLastNodeConverged() {
    Plan plan = plan(NEW_KEY, seen(3, node(3, 100, "", 0), node(3, 20, "", 0)));
    assertThat(plan.markDue()).isEqualTo(NOW.minusSeconds(20).plus(TIMEOUT));
  }

  @Test
  void afterARotationItIsDueWhenEveryApiServerHasAskedItsPluginAsWell() {
    Plan plan = plan(ROTATION, seen(3, node(3, 9_000, "b", 200), node(3, 9_000, "b", 190)));
    assertThat(plan.markDue())
        .isEqualTo(NOW.minusSeconds(190).plus(Duration.ofMinutes(3)).plus(TIMEOUT));
  }

  @Test
  void aRunThatIsTakenUpAgainHasTheSameName() {
    Observation seen = seen(3, node(3, 9_000, "b", 200), node(3, 9_000, "b", 200));
    assertThat(plan(NEW_KEY, seen).run()).isEqualTo("key-1-revision-3");
    assertThat(plan(ROTATION, seen).run())
        .isEqualTo(plan(ROTATION, seen).run())
        .startsWith("key-1-revision-3-remote-");
    Observation other = seen(3, node(3, 9_000, "c", 200), node(3, 9_000, "c", 200));
    assertThat(plan(ROTATION, other).run()).isNotEqualTo(plan(ROTATION, seen).run());
  }

  @Test
  void thereIsNoPlanWhileANodeHasNotConverged() {
    assertThat(Plan.of(NEW_KEY, seen(3, node(3, 9, "", 0), node(2, 9, "", 0)), TIMEOUT)).isEmpty();
  }

  @Test
  void theRemoteKeyIsNotedThatEveryApiServerUsedFromTheBeginning() {
    assertThat(plan(NEW_KEY, rolledOut(20, node(3, 10, "a", 20), node(3, 10, "a", 30))).remoteKey())
        .contains("a");
  }

  @Test
  void aRemoteKeyThatCameAfterTheBundleWentOutIsUnsettledForSomeMinutes() {
    assertThat(plan(NEW_KEY, rolledOut(20, node(3, 10, "b", 5), node(3, 10, "b", 5))).remoteKey())
        .contains(RemoteKey.UNSETTLED);
    assertThat(
            plan(NEW_KEY, rolledOut(950, node(3, 900, "b", 200), node(3, 900, "b", 200)))
                .remoteKey())
        .contains("b");
  }

  @Test
  void thatANodeHasConvergedAnewSinceSaysNothingOfTheRemoteKeyItsApiServerUses() {
    assertThat(plan(NEW_KEY, rolledOut(300, node(3, 1, "b", 5), node(3, 280, "b", 5))).remoteKey())
        .contains(RemoteKey.UNSETTLED);
  }

  @Test
  void ofABundleThatWentOutNobodyKnowsWhenOnlySomeMinutesSettleARemoteKey() {
    assertThat(plan(NEW_KEY, seen(3, node(3, 10, "a", 20), node(3, 10, "a", 20))).remoteKey())
        .contains(RemoteKey.UNSETTLED);
    assertThat(plan(NEW_KEY, seen(3, node(3, 10, "a", 200), node(3, 10, "a", 200))).remoteKey())
        .contains("a");
  }

  @Test
  void remoteKeysThatDifferAreUnsettled() {
    assertThat(plan(NEW_KEY, seen(3, node(3, 10, "a", 20), node(3, 10, "b", 20))).remoteKey())
        .contains(RemoteKey.UNSETTLED);
    assertThat(plan(NEW_KEY, seen(3, node(3, 10, "a", 20), node(3, 10, "", 0))).remoteKey())
        .contains(RemoteKey.UNSETTLED);
  }

  @Test
  void aLocalKeyHasNone() {
    assertThat(plan(NEW_KEY, seen(3, node(3, 10, "", 0), node(3, 10, "", 0))).remoteKey())
        .isEmpty();
  }

  @Test
  void theSituationEndsWithTheBundleAndWithConvergence() {
    Situation situation =
        plan(NEW_KEY, seen(3, node(3, 10, "", 0), node(3, 10, "", 0))).situation();
    assertThat(situation.over(seen(3, node(3, 10, "", 0), node(3, 10, "", 0)))).isEmpty();
    assertThat(situation.over(seen(4, node(3, 10, "", 0), node(3, 10, "", 0))))
        .contains("revision 4 has replaced revision 3");
    assertThat(situation.over(seen(3, node(3, 10, "", 0), node(0, 10, "", 0))))
        .hasValueSatisfying(reason -> assertThat(reason).contains("node n2"));
    assertThat(situation.over(seen(3, node(3, 10, "", 0), node(3, 1, "", 0))))
        .contains("a node has converged anew");
  }

  @Test
  void aMarkFromBeforeItWasDueDoesNotCount() {
    FreshMark.Learned early = new FreshMark.Learned(5, NOW.minusSeconds(1));
    FreshMark.Learned late = new FreshMark.Learned(5, NOW);
    Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    assertThat(new FreshMark(NOW, clock, Optional.of(early)).known()).isFalse();
    FreshMark mark = new FreshMark(NOW, clock, Optional.of(late));
    assertThat(mark.known()).isTrue();
    Meta newer = new Meta("", "a", "", "6");
    Meta same = new Meta("", "a", "", "5");
    assertThat(mark.covers(newer)).isTrue();
    assertThat(mark.covers(same)).isFalse();
  }
}
