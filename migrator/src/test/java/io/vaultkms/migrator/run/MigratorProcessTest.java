package io.vaultkms.migrator.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vaultkms.lab.apiserver.store.Change;
import io.vaultkms.lab.apiserver.store.KeyRange;
import io.vaultkms.lab.apiserver.store.StoreWatch;
import io.vaultkms.lab.broker.LabBroker;
import io.vaultkms.lab.world.ChildProcess;
import io.vaultkms.lab.world.JavaProgram;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The program as a process, killed at random points; {@code -Dmigrator.seed} repeats a run, {@code
 * -Dmigrator.kills=25 -Dmigrator.objects=5000} make it long.
 */
class MigratorProcessTest {
  private static final int KILLS = Integer.getInteger("migrator.kills", 4);
  private static final int OBJECTS = Integer.getInteger("migrator.objects", 800);
  private static final long SEED = Long.getLong("migrator.seed", new Random().nextInt(1_000_000));
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final String ENCODED_MARKER =
      Base64.getEncoder().encodeToString(TestCluster.MARKER.getBytes(StandardCharsets.UTF_8));

  @TempDir Path folder;

  @Test
  void killedAtAnyPointItGoesOnAndWritesNothingTwice() throws Exception {
    System.out.printf("%d objects, %d kills, -Dmigrator.seed=%d%n", OBJECTS, KILLS, SEED);
    try (LabBroker broker = LabBroker.start(folder.resolve("broker"));
        TestCluster cluster = TestCluster.start(folder)) {
      cluster.seed("old", OBJECTS);
      cluster.wantMigration();
      cluster.keepReporting();
      for (String node : TestCluster.NODES) {
        cluster.faults(node).delay(info -> info.verb().equals("patch"), Duration.ofMillis(5));
      }
      StoreWatch writes =
          cluster
              .plane
              .store()
              .watch(
                  KeyRange.startingWith("/registry/secrets/app/"),
                  cluster.plane.store().revision());
      try (ChildProcess migrator = start(cluster, broker)) {
        Random random = new Random(SEED);
        for (int kill = 1; kill <= KILLS; kill++) {
          long most = stale(cluster) - random.nextInt(OBJECTS / (KILLS + 1)) - 1;
          await().atMost(LONG).until(() -> stale(cluster) <= Math.max(0, most));
          migrator.kill();
          await().until(() -> migrator.handle().isEmpty());
          migrator.start();
        }
        TestCluster.NODES.forEach(node -> cluster.faults(node).clear());
        await().atMost(LONG).until(() -> cluster.key().migrated().resources().contains("secrets"));
        assertThat(cluster.census()).containsOnlyKeys("k8s:enc:aesgcm:v1:1");
        assertThat(writtenMostOften(writes)).isEqualTo(1);
      }
    }
  }

  @Test
  void secretContentsNeverEnterIt() throws Exception {
    int objects = 200;
    try (LabBroker broker = LabBroker.start(folder.resolve("broker"));
        TestCluster cluster = TestCluster.start(folder)) {
      cluster.seed("old", objects);
      cluster.wantMigration();
      cluster.keepReporting();
      for (String node : TestCluster.NODES) {
        cluster.faults(node).delay(info -> info.verb().equals("patch"), Duration.ofMillis(500));
      }
      try (ChildProcess migrator = start(cluster, broker)) {
        await().atMost(LONG).until(() -> stale(cluster) < objects);
        byte[] working = heap(migrator, "working");
        assertThat(contains(working, "old-00049"))
            .as("the dump shows what the program holds: the last object of the first page")
            .isTrue();
        assertNoMarker(working);
        TestCluster.NODES.forEach(node -> cluster.faults(node).clear());
        await().atMost(LONG).until(() -> cluster.key().migrated().resources().contains("secrets"));
        assertNoMarker(heap(migrator, "done"));
        assertThat(Files.readString(migrator.log()))
            .doesNotContain(TestCluster.MARKER)
            .doesNotContain(ENCODED_MARKER);
      }
    }
  }

  private static long stale(TestCluster cluster) {
    return cluster.census().getOrDefault("identity", 0L);
  }

  private ChildProcess start(TestCluster cluster, LabBroker broker) {
    return ChildProcess.start(
        folder.resolve("run"),
        "migrator",
        JavaProgram.command("io.vaultkms.migrator.Migrator", "96m"),
        Map.of(
            "KUBECONFIG", cluster.kubeconfig().toString(),
            "KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers(),
            "HTTP_HOST", "127.0.0.1",
            "HTTP_PORT", "0",
            "MIGRATOR_PAGE_SIZE", "50",
            "MIGRATOR_REQUEST_TIMEOUT", "1s"));
  }

  private static int writtenMostOften(StoreWatch writes) throws InterruptedException {
    Map<String, Integer> times = new HashMap<>();
    List<Change> changes;
    while (!(changes = writes.poll(Duration.ZERO)).isEmpty()) {
      changes.forEach(change -> times.merge(change.key(), 1, Integer::sum));
    }
    assertThat(times).hasSize(OBJECTS);
    return times.values().stream().max(Integer::compare).orElse(0);
  }

  /** All that is in its heap, whether it is still needed or not. */
  private byte[] heap(ChildProcess migrator, String when) throws Exception {
    Path dump = folder.resolve(when + ".hprof");
    Process jcmd =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(migrator.pid()),
                "GC.heap_dump",
                "-all",
                dump.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("jcmd").toFile())
            .start();
    assertThat(jcmd.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return Files.readAllBytes(dump);
  }

  private static void assertNoMarker(byte[] heap) {
    assertThat(contains(heap, TestCluster.MARKER)).isFalse();
    assertThat(contains(heap, ENCODED_MARKER)).isFalse();
  }

  private static boolean contains(byte[] text, String latin) {
    byte[] part = latin.getBytes(StandardCharsets.ISO_8859_1);
    next:
    for (int i = 0; i <= text.length - part.length; i++) {
      for (int j = 0; j < part.length; j++) {
        if (text[i + j] != part[j]) {
          continue next;
        }
      }
      return true;
    }
    return false;
  }
}
