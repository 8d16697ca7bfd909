package io.vaultkms.migrator;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaultkms.model.event.Event;
import io.vaultkms.model.event.MigrationStarted;
import io.vaultkms.model.event.RemoteKeyRotated;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class WakingTest {
  private static final Event ROTATED =
      new RemoteKeyRotated("here", "kube-apiserver", Instant.EPOCH, 1, "a", "b");

  @Test
  void whatHappensToThisClusterWakes() {
    assertThat(Migrator.wakes(ROTATED, "here")).isTrue();
  }

  @Test
  void anotherClusterDoesNot() {
    assertThat(Migrator.wakes(ROTATED, "there")).isFalse();
  }

  @Test
  void whatThisServiceTellsItselfDoesNot() {
    Event own = new MigrationStarted("here", "kube-apiserver", Instant.EPOCH, 1, "r", List.of());
    assertThat(Migrator.wakes(own, "here")).isFalse();
  }
}
