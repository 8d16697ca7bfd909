package io.vaultkms.lab.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vaultkms.lab.broker.LabBroker;
import io.vaultkms.platform.log.EventLog;
import io.vaultkms.platform.log.EventLogUnavailable;
import io.vaultkms.platform.log.EventReader;
import io.vaultkms.platform.log.LogSettings;
import io.vaultkms.platform.log.ReadFrom;
import io.vaultkms.platform.log.Topics;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens when the broker is away. */
class BrokerOutageTest {
  @TempDir private Path directory;
  private LabBroker broker;
  private Vertx vertx;
  private Member member;

  @BeforeEach
  void open() {
    vertx = Vertx.vertx();
    broker = LabBroker.start(directory);
    member =
        new Member(vertx, new LogSettings(broker.bootstrapServers(), Map.of(), 3, 1), "svc", "c");
  }

  @AfterEach
  void close() {
    broker.restart();
    member.close();
    broker.stop();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void theServiceLivesOnAndTakesUpWhereItWasWhenTheBrokerReturns() {
    member.consume(LogFixture.QUICK);
    member.publish(LogFixture.key("c", 1));
    await().until(() -> member.handled().size() == 1 && member.log().healthy());
    Instant before = Instant.now();
    broker.stop();
    await().atMost(15, TimeUnit.SECONDS).until(() -> !member.log().healthy());
    assertThat(member.log().state().since()).isBetween(before.minusSeconds(5), Instant.now());
    assertThat(member.log().state().sentence())
        .startsWith("Kafka at " + broker.bootstrapServers() + " cannot be used since ");
    CompletableFuture<Void> publishing =
        CompletableFuture.runAsync(
            () -> member.publish(LogFixture.key("c", 2)), Thread::startVirtualThread);
    broker.restart();
    publishing.join();
    await().atMost(15, TimeUnit.SECONDS).until(() -> member.log().healthy());
    // At least once: the first may come again, if the broker went before its offset was committed.
    await().until(() -> member.events().contains(LogFixture.key("c", 2)));
    assertThat(Set.copyOf(member.events()))
        .containsExactlyInAnyOrder(LogFixture.key("c", 1), LogFixture.key("c", 2));
  }

  @Test
  void readingToTheEndFailsWhenTheBrokerGoesAwayInTheMiddle() {
    for (long key = 1; key <= 20; key++) {
      member.publish(LogFixture.key("c", key));
    }
    Map<String, String> littleAtOnce =
        Map.of("max.partition.fetch.bytes", "1", "default.api.timeout.ms", "500");
    LogSettings settings = new LogSettings(broker.bootstrapServers(), littleAtOnce, 3, 1);
    try (EventReader reader = EventReader.open(settings, "tool")) {
      assertThatThrownBy(
              () ->
                  reader.read(
                      Set.of(Topics.EVENTS), new ReadFrom.Beginning(), entry -> broker.stop()))
          .isInstanceOf(EventLogUnavailable.class)
          .hasMessageStartingWith("Kafka at " + broker.bootstrapServers() + ": it cannot be read");
    }
  }

  @Test
  void aServiceThatStartsBeforeTheBrokerWaitsForIt() {
    broker.stop();
    member.consume(LogFixture.QUICK);
    assertThat(member.log().healthy()).isFalse();
    assertThat(member.log().state().sentence()).contains(broker.bootstrapServers());
    try (EventLog impatient =
        EventLog.open(
            vertx,
            LogSettings.plain(broker.bootstrapServers()),
            "impatient",
            new SimpleMeterRegistry(),
            Duration.ofMillis(300))) {
      assertThatThrownBy(() -> impatient.publisher().publish(LogFixture.key("c", 0)))
          .isInstanceOf(EventLogUnavailable.class)
          .hasMessage("Kafka at " + broker.bootstrapServers() + ": it has not answered yet");
    }
    LogSettings settings = LogSettings.plain("no-such-host.invalid:9092");
    assertThatThrownBy(() -> EventReader.open(settings, "tool"))
        .hasMessageStartingWith("Kafka at no-such-host.invalid:9092: no reader can be made");
    broker.restart();
    member.publish(LogFixture.key("c", 1));
    await().atMost(15, TimeUnit.SECONDS).until(() -> member.handled().size() == 1);
    assertThat(member.log().healthy()).isTrue();
    try (EventReader reader =
        EventReader.open(LogSettings.plain(broker.bootstrapServers()), "tool")) {
      assertThat(reader.read(Set.of(Topics.EVENTS), new ReadFrom.Beginning(), entry -> {}))
          .isEqualTo(1);
    }
  }
}
