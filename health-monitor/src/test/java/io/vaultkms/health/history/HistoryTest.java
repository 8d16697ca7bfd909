package io.vaultkms.health.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaultkms.model.event.ConfigChange;
import io.vaultkms.model.event.ConfigChanged;
import io.vaultkms.model.event.ConfigRejected;
import io.vaultkms.model.event.EncryptionSettled;
import io.vaultkms.model.event.Event;
import io.vaultkms.model.event.KeyCreated;
import io.vaultkms.model.event.MigrationDone;
import io.vaultkms.model.event.MigrationFailed;
import io.vaultkms.model.event.MigrationProgressed;
import io.vaultkms.model.event.MigrationStarted;
import io.vaultkms.model.event.PluginDegraded;
import io.vaultkms.model.event.PluginRecovered;
import io.vaultkms.model.event.ResourceCounts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HistoryTest {
  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
  private static final String C = "c";
  private static final String K = "kube-apiserver";

  private static final List<Event> STORY =
      List.of(
          new ConfigRejected(C, K, at(0), 1, "no", List.of()),
          new ConfigChanged(C, K, at(1), 2, "yes", ConfigChange.ENABLE, "KMS", Map.of(), List.of()),
          new KeyCreated(C, K, at(2), 1, "KMS", "first-key", "yes"),
          new MigrationStarted(C, K, at(3), 1, "a", List.of("secrets")),
          new MigrationProgressed(C, K, at(4), 1, "a", "secrets", 10, 100, 5),
          new PluginDegraded(C, K, at(5), "n1", 1, "ERROR", "away"),
          new MigrationFailed(C, K, at(6), 1, "a", "secrets", "a webhook", List.of()),
          new PluginRecovered(C, K, at(7), "n1", 1),
          new MigrationProgressed(C, K, at(8), 1, "a", "secrets", 60, 100, 5),
          new MigrationDone(
              C, K, at(9), 1, "a", List.of(new ResourceCounts("secrets", 101, 99, 2, 0, 0, 0, 6))),
          new PluginDegraded(C, K, at(10), "n2", 1, "ERROR", "away"),
          new EncryptionSettled(C, K, at(11), "KMS", 1, "yes", 2, "v1", at(10)));

  @Test
  void anyOrderAndAnyDuplicatesGiveTheSameHistory() {
    History inOrder = tell(STORY);
    Random random = new Random(7);
    for (int i = 0; i < 200; i++) {
      List<Event> shuffled = new ArrayList<>(STORY);
      STORY.stream().filter(event -> random.nextBoolean()).forEach(shuffled::add);
      Collections.shuffle(shuffled, random);

      assertThat(tell(shuffled)).isEqualTo(inOrder);
    }
  }

  @Test
  void knowsWhatCameOfIt() {
    History history = tell(STORY);

    assertThat(history.judgement().orElseThrow().accepted()).isTrue();
    assertThat(history.degraded(new PluginOnNode("n1", 1))).isFalse();
    assertThat(history.degraded(new PluginOnNode("n2", 1))).isTrue();
    assertThat(history.hasTold(STORY.getLast())).isTrue();
    assertThat(history.newestRuns().getFirst().state()).isEqualTo(MigrationRun.State.DONE);
    assertThat(history.newestRuns().getFirst().done()).isEqualTo(101);
  }

  @Test
  void aRunThatGoesOnAfterAFailureIsUnderWayAgain() {
    assertThat(tell(STORY.subList(0, 7)).newestRuns().getFirst().state())
        .isEqualTo(MigrationRun.State.FAILED);
    assertThat(tell(STORY.subList(0, 9)).newestRuns().getFirst().state())
        .isEqualTo(MigrationRun.State.RUNNING);
  }

  private static History tell(List<Event> events) {
    History history = History.NOTHING;
    for (Event event : events) {
      history = history.after(event);
    }
    return history;
  }

  private static Instant at(long seconds) {
    return NOON.plusSeconds(seconds);
  }
}
