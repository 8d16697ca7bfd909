package io.vaultkms.migrator.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vaultkms.model.event.MigrationDone;
import io.vaultkms.model.event.MigrationStarted;
import io.vaultkms.model.event.ResourceCounts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MigrationTest {
  @TempDir Path folder;

  @Test
  void rewritesEveryStaleObjectAndProvesIt() throws Exception {
    try (TestCluster cluster = TestCluster.start(folder)) {
      cluster.seed("old", 400);
      cluster.wantMigration();
      cluster.seed("new", 20);
      try (TestMigrator migrator = new TestMigrator(cluster, TestMigrator.QUICK).start()) {
        await()
            .atMost(Duration.ofSeconds(20))
            .until(() -> !migrator.told(MigrationDone.class).isEmpty());
        assertThat(cluster.census()).containsOnlyKeys("k8s:enc:aesgcm:v1:1");
        assertThat(cluster.key().migrated().resources()).containsExactly("configmaps", "secrets");
        assertThat(cluster.key().migrated().at()).isPresent();
        assertThat(migrator.told(MigrationStarted.class)).hasSize(1);
        ResourceCounts secrets =
            migrator.told(MigrationDone.class).getFirst().resources().stream()
                .filter(counts -> counts.resource().equals("secrets"))
                .findFirst()
                .orElseThrow();
        assertThat(secrets.rewritten()).isBetween(400L, 402L);
        assertThat(secrets.seen())
            .isEqualTo(
                secrets.rewritten() + secrets.fresh() + secrets.gone() + secrets.conflicts());
        assertThat(secrets.seen())
            .isEqualTo(cluster.census().values().stream().mapToLong(n -> n).sum());
        System.out.println(migrator.told + " " + Map.of());
      }
    }
  }
}
