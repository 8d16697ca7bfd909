package io.vaultkms.migrator.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Secret;
import io.vaultkms.lab.apiserver.Faults;
import io.vaultkms.lab.apiserver.RequestInfo;
import io.vaultkms.lab.apiserver.resource.ApiException;
import io.vaultkms.model.event.MigrationDone;
import io.vaultkms.model.event.MigrationFailed;
import io.vaultkms.model.event.MigrationStarted;
import io.vaultkms.model.event.ResourceCounts;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Migrations on two API servers, with the faults made by them. */
class MigrationTest {
  private static final String ENCRYPTED = "k8s:enc:aesgcm:v1:1";
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Predicate<RequestInfo> PATCHES = patches("");

  @TempDir Path folder;
  private TestCluster cluster;

  @BeforeEach
  void start() throws Exception {
    cluster = TestCluster.start(folder);
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Test
  void rewritesEveryStaleObjectAndProvesIt() throws Exception {
    cluster.seed("old", 300);
    cluster.wantMigration();
    cluster.seed("new", 20);
    try (TestMigrator migrator = migrate()) {
      ResourceCounts secrets = done(migrator);
      assertThat(cluster.census()).containsOnlyKeys(ENCRYPTED);
      assertThat(cluster.key().migrated().resources()).containsExactly("configmaps", "secrets");
      assertThat(cluster.key().migrated().at()).isPresent();
      assertThat(migrator.told(MigrationStarted.class)).hasSize(1);
      assertThat(secrets.rewritten()).isEqualTo(300);
      assertThat(secrets.fresh() + secrets.conflicts()).isEqualTo(22);
      assertThat(secrets.seen()).isEqualTo(cluster.census().get(ENCRYPTED));
    }
  }

  @Test
  void catchesACreateThatWasEncryptedWithTheOldKeyAndLandsLate() throws Exception {
    cluster.seed("old", 60);
    Faults.Hold hold = cluster.faults("n1").hold(info -> info.name().isEmpty() && secrets(info));
    Thread late = Thread.ofVirtual().start(() -> cluster.create("n1", "late"));
    assertThat(hold.awaitHeld(SOON)).isTrue();
    cluster.wantMigration();
    try (TestMigrator migrator = migrate(Duration.ofSeconds(3))) {
      await().atMost(SOON).until(() -> migrator.objects("rewritten") >= 60);
      hold.release();
      late.join();
      ResourceCounts secrets = done(migrator);
      assertThat(cluster.census()).containsOnlyKeys(ENCRYPTED);
      assertThat(secrets.rewritten()).isEqualTo(61);
    }
  }

  @Test
  void tellsWhatIsRefusedInTheServersWordsDoesTheRestAndTriesAgain() throws Exception {
    cluster.seed("old", 60);
    cluster.wantMigration();
    both(
        faults ->
            faults.reject(
                patches("old-00007"),
                Long.MAX_VALUE,
                new ApiException(
                    403, "Forbidden", "admission webhook \"policy.example\" denied the request")));
    try (TestMigrator migrator = migrate()) {
      await().atMost(SOON).until(() -> !migrator.told(MigrationFailed.class).isEmpty());
      MigrationFailed failed = migrator.told(MigrationFailed.class).getFirst();
      assertThat(failed.resource()).isEqualTo("secrets");
      assertThat(failed.failed()).containsExactly("app/old-00007");
      assertThat(failed.reason()).contains("admission webhook \"policy.example\" denied");
      assertThat(cluster.census()).containsEntry("identity", 1L);
      assertThat(cluster.key().migrated().resources()).doesNotContain("secrets");
      assertThat(migrator.told(MigrationDone.class)).isEmpty();
      await().atMost(SOON).until(() -> cluster.key().migrated().resources().contains("configmaps"));
      both(Faults::clear);
      done(migrator);
      assertThat(cluster.census()).containsOnlyKeys(ENCRYPTED);
    }
  }

  @Test
  void goesOnAfterTooManyRequestsErrorsAndLostConnections() throws Exception {
    cluster.seed("old", 200);
    cluster.wantMigration();
    both(
        faults -> {
          faults.tooManyRequests(PATCHES, 1, 4);
          faults.serverError(patches("old-00100"), 2);
          faults.tooManyRequests(info -> info.verb().equals("list") && secrets(info), 1, 1);
        });
    try (TestMigrator migrator = migrate()) {
      await().atMost(SOON).until(() -> migrator.objects("rewritten") > 20);
      cluster.plane.stop("n2");
      await().atMost(SOON).until(() -> migrator.objects("rewritten") > 100);
      cluster.plane.start("n2");
      ResourceCounts secrets = done(migrator);
      assertThat(cluster.census()).containsOnlyKeys(ENCRYPTED);
      assertThat(secrets.retries()).isGreaterThanOrEqualTo(4);
    }
  }

  @Test
  void judgesConflictsByWhatIsThereAndTakesWhatIsGoneAsDone() throws Exception {
    cluster.seed("old", 100);
    cluster.wantMigration();
    // Whichever API server it is that gets the patch.
    List<Faults.Hold> holds =
        Stream.of("old-00091", "old-00092")
            .flatMap(
                name ->
                    TestCluster.NODES.stream()
                        .map(node -> cluster.faults(node).hold(patches(name))))
            .toList();
    try (TestMigrator migrator = migrate()) {
      await().atMost(SOON).until(() -> migrator.objects("rewritten") >= 98);
      var app = cluster.client.secrets().inNamespace("app");
      app.withName("old-00091").delete();
      Secret changed = app.withName("old-00092").get();
      changed.getMetadata().setLabels(Map.of("a", "b"));
      app.resource(changed).update();
      holds.forEach(Faults.Hold::release);
      ResourceCounts secrets = done(migrator);
      assertThat(cluster.census()).containsOnlyKeys(ENCRYPTED);
      assertThat(secrets.gone()).isEqualTo(1);
      assertThat(secrets.conflicts()).isBetween(1L, 2L);
    }
  }

  @Test
  void goesOnWithTheServersTokenWhenAListExpires() throws Exception {
    cluster.seed("old", 300);
    cluster.wantMigration();
    both(faults -> faults.delay(PATCHES, Duration.ofMillis(20)));
    try (TestMigrator migrator = migrate()) {
      await().atMost(SOON).until(() -> migrator.objects("rewritten") > 20);
      cluster.plane.compact();
      await().atMost(SOON).until(() -> migrator.objects("rewritten") > 150);
      cluster.plane.compact();
      ResourceCounts secrets = done(migrator);
      assertThat(cluster.census()).containsOnlyKeys(ENCRYPTED);
      assertThat(secrets.rewritten()).isEqualTo(300);
      assertThat(secrets.retries()).isPositive();
    }
  }

  @Test
  void stopsWhenANodeLeavesConvergenceAndGoesOnWhenItIsBack() throws Exception {
    cluster.seed("old", 300);
    cluster.wantMigration();
    both(faults -> faults.delay(PATCHES, Duration.ofMillis(300)));
    try (TestMigrator migrator = migrate()) {
      await().atMost(SOON).until(() -> migrator.objects("rewritten") > 10);
      cluster.report("n2", 0, Instant.now());
      await().atMost(Duration.ofSeconds(3)).until(() -> migrator.runs("stopped") == 1);
      assertThat(migrator.told(MigrationFailed.class)).isEmpty();
      assertThat(cluster.census()).containsKey("identity");
      assertThat(cluster.key().migrated().resources()).doesNotContain("secrets");
      both(Faults::clear);
      cluster.report("n2", 1, Instant.now());
      done(migrator);
      assertThat(cluster.census()).containsOnlyKeys(ENCRYPTED);
    }
  }

  @Test
  void rewritesNothingTwiceWhenItIsTakenUpAgain() throws Exception {
    cluster.seed("old", 300);
    cluster.wantMigration();
    both(faults -> faults.delay(PATCHES, Duration.ofMillis(30)));
    long rewritten;
    try (TestMigrator migrator = migrate(Duration.ofMillis(1))) {
      await().atMost(SOON).until(() -> migrator.objects("rewritten") > 50);
      migrator.loop.close();
      rewritten = (long) migrator.objects("rewritten");
      assertThat(migrator.told(MigrationDone.class)).isEmpty();
    }
    both(Faults::clear);
    try (TestMigrator migrator = migrate(Duration.ofMillis(1))) {
      ResourceCounts secrets = done(migrator);
      assertThat(cluster.census()).containsOnlyKeys(ENCRYPTED);
      assertThat(secrets.rewritten() + rewritten).isLessThanOrEqualTo(300);
      assertThat(migrator.requests("patch")).isLessThanOrEqualTo(310 - rewritten);
    }
  }

  @Test
  void walksAgainWhenTheRemoteKeyHasRotatedAndNotesWhichOneItWasProvedFor() throws Exception {
    cluster.seed("old", 40);
    cluster.wantMigration();
    cluster.reportRemoteKey("first");
    try (TestMigrator migrator = migrate()) {
      done(migrator);
      assertThat(cluster.key().migrated().remoteKeyId()).contains("first");
      cluster.reportRemoteKey("second");
      await().atMost(SOON).until(() -> migrator.told(MigrationDone.class).size() == 2);
      assertThat(cluster.key().migrated().remoteKeyId()).contains("second");
      MigrationDone again = migrator.told(MigrationDone.class).get(1);
      assertThat(again.run()).startsWith("key-1-revision-1-remote-");
      assertThat(again.resources())
          .extracting(ResourceCounts::resource)
          .containsExactly("configmaps", "secrets");
    }
  }

  @Test
  void tellsAgainWhatWasProvedBeforeACrash() throws Exception {
    cluster.seed("old", 20);
    cluster.wantMigration();
    MigrationDone first;
    try (TestMigrator migrator = migrate()) {
      done(migrator);
      first = migrator.told(MigrationDone.class).getFirst();
    }
    try (TestMigrator migrator = migrate()) {
      done(migrator);
      assertThat(migrator.told(MigrationDone.class)).containsExactly(first);
      assertThat(migrator.told(MigrationStarted.class)).isEmpty();
    }
  }

  private TestMigrator migrate() {
    return migrate(TestMigrator.QUICK.requestTimeout());
  }

  private TestMigrator migrate(Duration requestTimeout) {
    RunSettings quick = TestMigrator.QUICK;
    return new TestMigrator(
            cluster,
            new RunSettings(
                quick.pageSize(),
                requestTimeout,
                quick.retryBudget(),
                quick.resourcesAtOnce(),
                quick.lookInterval(),
                quick.patience()))
        .start();
  }

  /** What was done with Secrets, once all is. */
  private static ResourceCounts done(TestMigrator migrator) {
    await().atMost(SOON).until(() -> !migrator.told(MigrationDone.class).isEmpty());
    return migrator.told(MigrationDone.class).getFirst().resources().stream()
        .filter(counts -> counts.resource().equals("secrets"))
        .findFirst()
        .orElseThrow();
  }

  private void both(java.util.function.Consumer<Faults> fault) {
    TestCluster.NODES.forEach(node -> fault.accept(cluster.faults(node)));
  }

  private static boolean secrets(RequestInfo info) {
    return info.resource().equals("secrets");
  }

  private static Predicate<RequestInfo> patches(String prefix) {
    return info ->
        info.verb().equals("patch")
            && secrets(info)
            && info.namespace().equals("app")
            && info.name().startsWith(prefix);
  }
}
