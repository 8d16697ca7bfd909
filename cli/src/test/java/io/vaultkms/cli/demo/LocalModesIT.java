package io.vaultkms.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaultkms.cli.CommandRun;
import io.vaultkms.lab.world.LabService;
import io.vaultkms.lab.world.World;
import io.vaultkms.model.event.EncryptionSettled;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The modes whose keys live in the cluster go through the same pipeline, from one to the next and
 * back to plaintext; a plan is made before each, and shown.
 */
class LocalModesIT {
  private static final Duration LIMIT = Duration.ofMinutes(5);

  @TempDir private Path folder;

  @Test
  void everyModeIsReachedFromTheOneBefore() {
    Path dist = Path.of("..", "target", "dist").toAbsolutePath().normalize();
    try (World world = World.start(folder, World::standIn, 1);
        Programs programs = new Programs(world, dist)) {
      programs.start();
      programs.awaitReady();

      reaches(world, "aescbc", 1, "k8s:enc:aescbc:v1:1");
      reaches(world, "aesgcm", 2, "k8s:enc:aesgcm:v1:2");
      reaches(world, "identity", 3, "");
      assertThat(plan(world, "''")).isEqualTo("kube-apiserver: nothing changes\n");
    }
  }

  private static void reaches(World world, String mode, long key, String prefix) {
    System.out.printf("plan for type %s: %s", mode, plan(world, mode));

    world.apply(world.wanted().withType(mode));

    Awaitility.await()
        .atMost(LIMIT)
        .pollInterval(Duration.ofSeconds(1))
        .ignoreExceptions()
        .until(() -> isSettled(world, mode, key));
    Map<String, Map<String, Long>> census = world.controlPlane().census();
    if (prefix.isEmpty()) {
      assertThat(census.get("secrets").keySet()).noneMatch(stored -> stored.startsWith("k8s:enc"));
    } else {
      assertThat(census.get("secrets").keySet()).containsExactly(prefix);
      assertThat(census.get("configmaps").keySet()).containsExactly(prefix);
    }
  }

  private static boolean isSettled(World world, String mode, long key) {
    return LabService.story(world).stream()
        .anyMatch(
            event ->
                event instanceof EncryptionSettled settled
                    && settled.keyId() == key
                    && settled.mode().equals(mode));
  }

  private static String plan(World world, String mode) {
    CommandRun run =
        CommandRun.with(
            Map.of(
                "KUBECONFIG",
                world.adminKubeconfig().write(world.folder().resolve("a")).toString()),
            world.wanted().withType(mode).yaml(),
            "plan",
            "--file",
            "-");
    assertThat(run.exit()).as(run.err() + run.out()).isZero();
    return run.out();
  }
}
