package io.vaultkms.cli.replay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vaultkms.cli.CommandRun;
import io.vaultkms.lab.broker.LabBroker;
import io.vaultkms.model.event.Event;
import io.vaultkms.model.event.KeyCreated;
import io.vaultkms.platform.json.Json;
import io.vaultkms.platform.log.ConsumerSettings;
import io.vaultkms.platform.log.EventLog;
import io.vaultkms.platform.log.LogSettings;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A migrator that only remembers what it was given, on a real broker. */
class ReplayCommandTest {
  private static final List<Event> HANDLED = new CopyOnWriteArrayList<>();
  private static final Vertx VERTX = Vertx.vertx();
  private static LabBroker broker;
  private static EventLog log;

  @BeforeAll
  static void start(@TempDir Path data) {
    broker = LabBroker.start(data);
    log =
        EventLog.open(
            VERTX,
            LogSettings.plain(broker.bootstrapServers()),
            "migrator",
            new SimpleMeterRegistry());
    log.consume(ConsumerSettings.defaults(), received -> HANDLED.add(received.event()));
    log.publisher().publish(created("prod", 1));
    log.publisher().publish(created("prod", 2));
    log.publisher().publish(created("dev", 1));
    Awaitility.await().until(() -> HANDLED.size() >= 3);
  }

  @AfterAll
  static void stop() {
    log.close();
    VERTX.close().toCompletionStage().toCompletableFuture().join();
    broker.close();
  }

  private static KeyCreated created(String cluster, long key) {
    return new KeyCreated(cluster, "kube-apiserver", Instant.now(), key, "KMS", "test", "AbCd");
  }

  private static CommandRun run(String... arguments) {
    return CommandRun.with(
        Map.of("KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers(), "CLUSTER_ID", "prod"),
        "",
        arguments);
  }

  @Test
  void theServiceHandlesTheClustersEventsAgain() {
    HANDLED.clear();
    CommandRun run = run("replay", "--service", "migrator", "--since", "10m", "--json");
    assertThat(run.exit()).as(run.err()).isZero();
    JsonNode document = Json.read(run.out(), JsonNode.class);
    assertThat(document.path("cluster").asText()).isEqualTo("prod");
    assertThat(document.path("handled").asLong()).isGreaterThanOrEqualTo(2);
    assertThat(document.path("failed").asLong()).isZero();
    assertThat(HANDLED).filteredOn(KeyCreated.class::isInstance).hasSize(2);
  }

  @Test
  void offsetsAreThoseOfTheClustersPartition() {
    CommandRun run =
        run("replay", "--service", "migrator", "--from-offset", "1", "--to-offset", "1");
    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(run.out())
        .isEqualTo("migrator: from offset 1 on, events handled again: 1; not handled: 0\n");
  }

  @Test
  void aServiceThatDoesNotRunIsNamed() {
    CommandRun run =
        run("replay", "--service", "health-monitor", "--from-offset", "0", "--wait", "500ms");
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("health-monitor has not finished replay").hasLineCount(1);
  }

  @Test
  void aClusterWithoutEventsIsNamed() {
    CommandRun run = run("replay", "--service", "migrator", "--since", "1h", "--cluster", "none");
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err()).startsWith("the log has nothing of cluster 'none' since");
  }
}
