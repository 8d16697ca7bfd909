package io.vaultkms.cli.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.vaultkms.cli.CommandRun;
import io.vaultkms.lab.broker.LabBroker;
import io.vaultkms.model.event.KeyCreated;
import io.vaultkms.model.event.KeyRetired;
import io.vaultkms.model.event.MigrationProgressed;
import io.vaultkms.platform.json.Json;
import io.vaultkms.platform.log.EventSender;
import io.vaultkms.platform.log.LogSettings;
import io.vaultkms.platform.log.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two events of prod, progress of prod, one event of dev, and something that is no event. */
class EventsCommandTest {
  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00.25Z");
  private static LabBroker broker;
  private static LogSettings settings;

  @TempDir Path directory;

  @BeforeAll
  static void tellAStory(@TempDir Path data) throws Exception {
    broker = LabBroker.start(data);
    settings = LogSettings.plain(broker.bootstrapServers());
    Topics.ensureTopics(settings, "test");
    try (EventSender sender = EventSender.open(settings, "test")) {
      sender.send(created("prod", 1));
      sender.send(
          new MigrationProgressed("prod", "kube-apiserver", NOON, 1, "run", "secrets", 5, 10, 2.5));
      sender.send(new KeyRetired("prod", "kube-apiserver", NOON, 1, "pruned"));
      sender.send(created("dev", 1));
    }
    try (var producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer
          .send(
              new ProducerRecord<>(
                  Topics.EVENTS, "stranger".getBytes(UTF_8), "\033[2Jhello".getBytes(UTF_8)))
          .get();
    }
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  private static KeyCreated created(String cluster, long key) {
    return new KeyCreated(cluster, "kube-apiserver", NOON, key, "KMS", "first key", "AbCd");
  }

  private static CommandRun run(String... arguments) {
    return CommandRun.with(
        Map.of("KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers()), "", arguments);
  }

  @Test
  void tailPrintsALineForEachEvent() {
    CommandRun run = run("events", "tail", "--from-beginning", "--count", "2", "--cluster", "prod");
    assertThat(run.exit()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out().lines().map(line -> line.replaceAll(" {2,}", " | ")))
        .containsExactly(
            "2026-11-23T12:00:00.250Z | KeyCreated | kube-apiserver/keys/1 | Key 1 of mode KMS is"
                + " minted: first key.",
            "2026-11-23T12:00:00.250Z | KeyRetired | kube-apiserver/keys/1 | Key 1 is pruned:"
                + " its Secret goes, and only backups from its time may still be under it.");
  }

  @Test
  void tailOfAllClustersNamesEach() {
    CommandRun run = run("events", "tail", "--from-beginning", "--count", "4");
    assertThat(run.out())
        .contains("prod/kube-apiserver/keys/1", "dev/kube-apiserver/keys/1")
        .contains("Undecodable")
        .doesNotContain("\033");
  }

  @Test
  void tailTakesTypesByTheirShortNames() {
    CommandRun run =
        run("events", "tail", "--since", "10m", "--type", "keycreated", "--count", "2", "--json");
    assertThat(run.out().lines().map(line -> Json.read(line, JsonNode.class).path("type").asText()))
        .containsExactly("io.vaultkms.KeyCreated.v1", "io.vaultkms.KeyCreated.v1");
  }

  @Test
  void tailFollowsWhatComes() throws Exception {
    var running =
        CompletableFuture.supplyAsync(
            () -> run("events", "tail", "--cluster", "later", "--count", "1"));
    try (EventSender sender = EventSender.open(settings, "test")) {
      // Whatever is written before the reader has found the end is not for it.
      for (long key = 1; !running.isDone() && key < 1000; key++) {
        sender.send(created("later", key));
      }
    }
    assertThat(running.get(20, TimeUnit.SECONDS).out()).contains("KeyCreated").hasLineCount(1);
  }

  @Test
  void exportWritesTheStoryAndSaysWhatItCouldNotDecode() {
    CommandRun run = run("events", "export", "--telemetry");
    List<JsonNode> lines = run.out().lines().map(line -> Json.read(line, JsonNode.class)).toList();
    assertThat(run.exit()).isEqualTo(3);
    assertThat(run.err()).matches("1 of [0-9,]+ records cannot be decoded\n");
    assertThat(lines).extracting(line -> line.path("specversion").asText()).containsOnly("1.0");
    assertThat(lines)
        .extracting(line -> line.path("type").asText())
        .contains(
            "io.vaultkms.KeyCreated.v1",
            "io.vaultkms.KeyRetired.v1",
            "io.vaultkms.MigrationProgressed.v1",
            "io.vaultkms.Undecodable.v1");
  }

  @Test
  void exportToAFileLeavesStandardOutputAlone() throws Exception {
    Path file = Files.writeString(directory.resolve("events.ndjson"), "old");
    CommandRun run = run("events", "export", "--cluster", "prod", "--output", file.toString());
    assertThat(run.exit()).isZero();
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).isEqualTo("2 events are in " + file + "\n");
    assertThat(Files.readAllLines(file)).hasSize(2).allMatch(line -> line.startsWith("{"));
    try (var files = Files.list(directory)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void exportTakesATimeSpan() {
    assertThat(run("events", "export", "--cluster", "prod", "--until", "10m").out()).isEmpty();
    assertThat(run("events", "export", "--cluster", "prod", "--since", "10m").out())
        .hasLineCount(2);
  }

  @Test
  void exportSaysWhichFileItCannotWrite() {
    Path file = directory.resolve("missing/events.ndjson");
    CommandRun run = run("events", "export", "--output", file.toString());
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err()).startsWith("--output '" + file + "' cannot be written").hasLineCount(1);
  }
}
