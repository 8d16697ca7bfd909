package io.vaultkms.migrator.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vaultkms.lab.apiserver.Faults;
import io.vaultkms.lab.apiserver.RequestInfo;
import io.vaultkms.lab.apiserver.resource.ApiException;
import io.vaultkms.model.event.MigrationDone;
import io.vaultkms.model.event.MigrationFailed;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a migration makes of each answer that is not the one it asked for, made by the lab. */
class AnswersTest {
  private static final String ENCRYPTED = "k8s:enc:aesgcm:v1:1";
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String ONE = "old-00007";

  @TempDir Path folder;
  private TestCluster cluster;

  @BeforeEach
  void start() throws Exception {
    cluster = TestCluster.start(folder);
    cluster.seed("old", 60);
    cluster.wantMigration();
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          400 | BadRequest | admission webhook "sizes.example" denied the request: too large
          403 | Forbidden  | secrets "old-00007" is forbidden: ValidatingAdmissionPolicy 'owner' denied request
          422 | Invalid    | Secret "old-00007" is invalid: type: field is immutable
          """)
  void aRefusalIsToldByObjectInTheServersWordsWhileTheRestGoesOn(
      int code, String reason, String words) throws Exception {
    both(
        faults ->
            faults.reject(patches(ONE), Long.MAX_VALUE, new ApiException(code, reason, words)));
    try (TestMigrator migrator = migrate()) {
      MigrationFailed failed = migrator.failed();
      assertThat(failed.resource()).isEqualTo("secrets");
      assertThat(failed.failed()).containsExactly("app/" + ONE);
      assertThat(failed.reason()).contains(words);
      assertThat(cluster.census()).containsEntry("identity", 1L);
      assertThat(cluster.key().migrated().resources()).doesNotContain("secrets");
      assertThat(migrator.told(MigrationDone.class)).isEmpty();
      both(Faults::clear);
      migrator.done();
      assertThat(cluster.census()).containsOnlyKeys(ENCRYPTED);
    }
  }

  @Test
  void anObjectWhosePatchIsNeverAnsweredIsToldAfterTheBudgetWhileTheRestGoesOn() throws Exception {
    AtomicBoolean hanging = new AtomicBoolean(true);
    both(
        faults ->
            faults.delay(info -> hanging.get() && patches(ONE).test(info), Duration.ofSeconds(20)));
    try (TestMigrator migrator =
        new TestMigrator(cluster, settings(Duration.ofSeconds(2)), Duration.ofMillis(500))) {
      migrator.start();
      MigrationFailed failed = migrator.failed();
      assertThat(failed.failed()).containsExactly("app/" + ONE);
      assertThat(failed.reason()).contains("no answer within 500 ms");
      assertThat(cluster.census()).containsEntry("identity", 1L);
      hanging.set(false);
      migrator.done();
      assertThat(cluster.census()).containsOnlyKeys(ENCRYPTED);
    }
  }

  @Test
  void anErrorThatDoesNotPassIsToldAfterTheBudget() throws Exception {
    both(faults -> faults.serverError(patches(ONE), Long.MAX_VALUE));
    try (TestMigrator migrator = new TestMigrator(cluster, settings(Duration.ofSeconds(1)))) {
      migrator.start();
      MigrationFailed failed = migrator.failed();
      assertThat(failed.failed()).containsExactly("app/" + ONE);
      assertThat(failed.reason()).contains("a fault was injected");
      assertThat(cluster.census()).containsEntry("identity", 1L);
    }
  }

  @Test
  void isLeftAloneAsLongAsTheServerAsks() throws Exception {
    List<Long> asked = new CopyOnWriteArrayList<>();
    both(
        faults ->
            faults.tooManyRequests(
                info -> patches(ONE).test(info) && asked.add(System.nanoTime()), 2, 1));
    try (TestMigrator migrator = migrate()) {
      assertThat(migrator.done().retries()).isPositive();
      assertThat(cluster.census()).containsOnlyKeys(ENCRYPTED);
      assertThat(asked).hasSizeGreaterThanOrEqualTo(2);
      assertThat(Duration.ofNanos(asked.get(1) - asked.get(0)))
          .isGreaterThanOrEqualTo(Duration.ofSeconds(2));
    }
  }

  @Test
  void anObjectThatOthersChangeAllTheTimeIsLeftForAnotherTry() throws Exception {
    both(
        faults ->
            faults.reject(
                patches(ONE),
                Long.MAX_VALUE,
                new ApiException(409, "Conflict", "the object has been modified")));
    try (TestMigrator migrator = migrate()) {
      assertThat(migrator.failed().reason()).contains("it was changed by others each time");
      both(Faults::clear);
      migrator.done();
      assertThat(cluster.census()).containsOnlyKeys(ENCRYPTED);
    }
  }

  @Test
  void serversThatAnswerNothingAreWaitedForAndNoResourceIsCalledFailed() throws Exception {
    both(faults -> faults.serverError(patches(""), Long.MAX_VALUE));
    try (TestMigrator migrator = new TestMigrator(cluster, settings(Duration.ofSeconds(1)))) {
      migrator.start();
      await()
          .atMost(SOON)
          .until(() -> migrator.loop.problem().orElse("").contains("gives no answers"));
      assertThat(migrator.told(MigrationFailed.class)).isEmpty();
      assertThat(migrator.told(MigrationDone.class)).isEmpty();
      assertThat(migrator.runs("failed")).isPositive();
      both(Faults::clear);
      migrator.done();
      assertThat(cluster.census()).containsOnlyKeys(ENCRYPTED);
    }
  }

  @Test
  void aNoteThatIsNotAnsweredForAWhileDoesNotUndoWhatWasProved() throws Exception {
    both(faults -> faults.serverError(notes(), 2));
    try (TestMigrator migrator = migrate()) {
      assertThat(migrator.done().rewritten()).isEqualTo(60);
      assertThat(migrator.runs("done")).isEqualTo(1);
      assertThat(migrator.runs("failed")).isZero();
    }
  }

  @Test
  void whatSomebodyTakesFromTheMigratedResourcesIsGoneThroughOnceMore() throws Exception {
    try (TestMigrator migrator = migrate()) {
      migrator.done();
      cluster.writeWith("n1", 0);
      cluster.create("n1", "written-in-plaintext");
      cluster.writeWith("n1", 1);
      assertThat(cluster.census()).containsEntry("identity", 1L);
      cluster.forgetMigrated();
      migrator.loop.wake();
      await().atMost(SOON).until(() -> migrator.runs("done") == 2);
      assertThat(cluster.key().migrated().resources()).contains("secrets", "configmaps");
      assertThat(cluster.census()).containsOnlyKeys(ENCRYPTED);
      migrator.loop.wake();
      await().during(Duration.ofSeconds(2)).until(() -> migrator.runs("done") == 2);
    }
  }

  @Test
  void stopsWhenTheBundleChangesAndGoesOnWhenThatHasConverged() throws Exception {
    both(faults -> faults.delay(patches(""), Duration.ofMillis(400)));
    try (TestMigrator migrator = migrate()) {
      await().atMost(SOON).until(() -> migrator.objects("rewritten") > 5);
      cluster.bundle();
      await().atMost(SOON).until(() -> migrator.runs("stopped") == 1);
      assertThat(migrator.told(MigrationFailed.class)).isEmpty();
      assertThat(cluster.census()).containsKey("identity");
      assertThat(cluster.key().migrated().resources()).doesNotContain("secrets");
      both(Faults::clear);
      cluster.report(2);
      migrator.done();
      assertThat(migrator.told(MigrationDone.class).getFirst().run()).isEqualTo("key-1-revision-2");
      assertThat(cluster.census()).containsOnlyKeys(ENCRYPTED);
    }
  }

  @Test
  void stopsWhenAnotherReplicaHasTheWorkAndTakesItBack() throws Exception {
    both(faults -> faults.delay(patches(""), Duration.ofMillis(400)));
    try (TestMigrator migrator = migrate()) {
      await().atMost(SOON).until(() -> migrator.objects("rewritten") > 5);
      migrator.elsewhere.set(true);
      await().atMost(SOON).until(() -> migrator.runs("stopped") == 1);
      assertThat(migrator.told(MigrationFailed.class)).isEmpty();
      assertThat(cluster.census()).containsKey("identity");
      both(Faults::clear);
      migrator.elsewhere.set(false);
      migrator.loop.wake();
      migrator.done();
      assertThat(cluster.census()).containsOnlyKeys(ENCRYPTED);
    }
  }

  @Test
  void leavesTheWorkToAnotherReplicaAndDoesItAsWellWhenThatTakesTooLong() throws Exception {
    RunSettings impatient = settings(Duration.ofSeconds(5), Duration.ofSeconds(3));
    try (TestMigrator migrator = new TestMigrator(cluster, impatient)) {
      migrator.elsewhere.set(true);
      long start = System.nanoTime();
      migrator.start();
      await().atMost(SOON).until(() -> migrator.requests("patch") > 0);
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isGreaterThanOrEqualTo(impatient.patience());
      migrator.done();
      assertThat(cluster.census()).containsOnlyKeys(ENCRYPTED);
    }
  }

  @Test
  void leavesItToTheReplicaThatWorksToTellThatAllIsDone() throws Exception {
    try (TestMigrator worker = migrate()) {
      worker.done();
    }
    try (TestMigrator other = new TestMigrator(cluster, TestMigrator.QUICK)) {
      other.elsewhere.set(true);
      other.start();
      await().atMost(SOON).until(() -> other.loop.problem().isEmpty());
      assertThat(other.told).isEmpty();
      other.elsewhere.set(false);
      other.loop.wake();
      other.done();
    }
  }

  @Test
  void twoAtOnceHarmNothingAndTheOtherGoesOnWhenOneEnds() throws Exception {
    both(faults -> faults.delay(patches(""), Duration.ofMillis(100)));
    try (TestMigrator other = migrate()) {
      try (TestMigrator first = migrate()) {
        await().atMost(SOON).until(() -> first.requests("patch") > 5);
      }
      other.done();
      assertThat(cluster.census()).containsOnlyKeys(ENCRYPTED);
    }
  }

  private TestMigrator migrate() {
    return new TestMigrator(cluster, TestMigrator.QUICK).start();
  }

  private static RunSettings settings(Duration retryBudget) {
    return settings(retryBudget, TestMigrator.QUICK.patience());
  }

  private static RunSettings settings(Duration retryBudget, Duration patience) {
    RunSettings quick = TestMigrator.QUICK;
    return new RunSettings(
        quick.pageSize(),
        quick.requestTimeout(),
        retryBudget,
        quick.resourcesAtOnce(),
        quick.lookInterval(),
        patience);
  }

  private void both(Consumer<Faults> fault) {
    TestCluster.NODES.forEach(node -> fault.accept(cluster.faults(node)));
  }

  private static Predicate<RequestInfo> notes() {
    return info -> info.verb().equals("patch") && info.name().startsWith("encryption-key-");
  }

  private static Predicate<RequestInfo> patches(String prefix) {
    return info ->
        info.verb().equals("patch")
            && info.resource().equals("secrets")
            && info.namespace().equals("app")
            && info.name().startsWith(prefix);
  }
}
