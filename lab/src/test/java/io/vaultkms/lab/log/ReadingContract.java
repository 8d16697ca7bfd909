package io.vaultkms.lab.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cloudevents.CloudEvent;
import io.cloudevents.jackson.JsonFormat;
import io.vaultkms.model.event.Event;
import io.vaultkms.model.event.PluginReady;
import io.vaultkms.platform.json.Json;
import io.vaultkms.platform.log.Decoded;
import io.vaultkms.platform.log.EventExport;
import io.vaultkms.platform.log.EventReader;
import io.vaultkms.platform.log.LogEntry;
import io.vaultkms.platform.log.ReadFrom;
import io.vaultkms.platform.log.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;

/** What people's tools see of the log. */
abstract class ReadingContract extends LogFixture {
  @Test
  void theExportIsOneCloudEventALine() throws Exception {
    Member member = member();
    PluginReady ready = new PluginReady(name, "", NOON, "node-1", 3, 8, "vault:v1\n");
    member.publish(ready);
    raw.write(Topics.EVENTS, name.getBytes(UTF_8), "nonsense".getBytes(UTF_8), Map.of("a", "b"));
    raw.write(
        Topics.EVENTS,
        name.getBytes(UTF_8),
        "{\n  \"pretty\": true\n}".getBytes(UTF_8),
        cloudEvent("org.example.Other"));
    List<LogEntry> entries = read(new ReadFrom.Beginning());
    assertThat(entries.get(1).decoded()).isInstanceOf(Decoded.Undecodable.class);
    List<String> lines = entries.stream().map(EventExport::line).toList();
    assertThat(lines).hasSize(3).noneMatch(line -> line.contains("\n"));
    List<CloudEvent> parsed =
        lines.stream().map(line -> new JsonFormat().deserialize(line.getBytes(UTF_8))).toList();
    assertThat(parsed)
        .extracting(CloudEvent::getType)
        .containsExactly(ready.type(), EventExport.UNDECODABLE, "org.example.Other");
    CloudEvent first = parsed.getFirst();
    assertThat(first.getId()).isEqualTo(ready.id());
    assertThat(first.getTime().toInstant()).isEqualTo(NOON);
    assertThat(first.getExtension("kafkapartition")).isEqualTo(entries.getFirst().partition());
    assertThat(first.getExtension("kafkaoffset")).isEqualTo((int) entries.getFirst().offset());
    assertThat(Json.MAPPER.readTree(lines.getFirst()).get("data").toString())
        .isEqualTo(Json.write(ready));
    assertThat(Json.MAPPER.readTree(lines.get(1)).at("/data/value").binaryValue())
        .isEqualTo("nonsense".getBytes(UTF_8));
  }

  @Test
  void readersBeginWhereTheyAreTold() throws Exception {
    Member member = member();
    member.publish(key(name, 1));
    Instant after = read(new ReadFrom.Beginning()).getFirst().recordTime().plusMillis(1);
    await().until(() -> Instant.now().isAfter(after));
    member.publish(key(name, 2));
    assertThat(eventsOf(read(new ReadFrom.Time(after)))).containsExactly(key(name, 2));
    assertThat(read(new ReadFrom.Time(Instant.now().plusSeconds(3600)))).isEmpty();
    assertThat(read(new ReadFrom.End())).isEmpty();
    try (EventReader reader = EventReader.open(settings, "contract")) {
      assertThat(reader.read(Set.of("vaultkms.nothing"), new ReadFrom.Beginning(), e -> {}))
          .isZero();
    }
  }

  @Test
  void followersSeeWhatComesUntilStopped() throws Exception {
    Member member = member();
    member.publish(key(name, 1));
    List<LogEntry> seen = new CopyOnWriteArrayList<>();
    try (EventReader reader = EventReader.open(settings, "contract")) {
      Thread following =
          Thread.ofVirtual()
              .start(
                  () ->
                      reader.follow(
                          Set.of(Topics.EVENTS, Topics.TELEMETRY),
                          new ReadFrom.Beginning(),
                          entry -> {
                            if (mine(entry)) {
                              seen.add(entry);
                            }
                          }));
      await().until(() -> seen.size() == 1);
      member.publish(key(name, 2));
      await().until(() -> seen.size() == 2);
      reader.stop();
      assertThat(following.join(Duration.ofSeconds(5))).isTrue();
    }
    assertThat(eventsOf(seen)).containsExactly(key(name, 1), key(name, 2));
  }

  @Test
  void topicsAreMadeOnceHoweverManyTryAndKeepTheStoryForEver() throws Exception {
    List<CompletableFuture<Void>> attempts =
        IntStream.range(0, 4)
            .mapToObj(
                i ->
                    CompletableFuture.runAsync(
                        () -> Topics.ensureTopics(settings, name), Thread::startVirtualThread))
            .toList();
    attempts.forEach(CompletableFuture::join);
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", settings.bootstrapServers()))) {
      Map<String, String> retention = new HashMap<>();
      for (String topic : List.of(Topics.EVENTS, Topics.TELEMETRY, Topics.deadLetters(name))) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        var config = admin.describeConfigs(List.of(resource)).values().get(resource).get();
        retention.put(topic, config.get("retention.ms").value());
      }
      assertThat(retention)
          .containsEntry(Topics.EVENTS, "-1")
          .containsEntry(Topics.TELEMETRY, "86400000")
          .containsEntry(Topics.deadLetters(name), "-1");
      assertThat(
              admin
                  .describeTopics(List.of(Topics.EVENTS))
                  .allTopicNames()
                  .get()
                  .get(Topics.EVENTS)
                  .partitions())
          .hasSize(PARTITIONS);
    }
  }

  private List<LogEntry> read(ReadFrom from) {
    List<LogEntry> entries = new ArrayList<>();
    try (EventReader reader = EventReader.open(settings, "contract")) {
      reader.read(
          Set.of(Topics.EVENTS),
          from,
          entry -> {
            if (mine(entry)) {
              entries.add(entry);
            }
          });
    }
    return entries;
  }

  private boolean mine(LogEntry entry) {
    byte[] key = entry.record().key();
    return key != null && new String(key, UTF_8).startsWith(name);
  }

  private static List<Event> eventsOf(List<LogEntry> entries) {
    return entries.stream().map(entry -> ((Decoded.Known) entry.decoded()).event()).toList();
  }
}
