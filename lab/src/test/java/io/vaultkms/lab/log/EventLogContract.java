package io.vaultkms.lab.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.cloudevents.CloudEvent;
import io.cloudevents.jackson.JsonFormat;
import io.vaultkms.model.event.Event;
import io.vaultkms.model.event.KeyCreated;
import io.vaultkms.model.event.MigrationProgressed;
import io.vaultkms.model.event.PluginReady;
import io.vaultkms.model.event.ReplayFinished;
import io.vaultkms.model.event.ReplayRequested;
import io.vaultkms.platform.json.Json;
import io.vaultkms.platform.log.ConsumerSettings;
import io.vaultkms.platform.log.Decoded;
import io.vaultkms.platform.log.EventExport;
import io.vaultkms.platform.log.EventReader;
import io.vaultkms.platform.log.LogEntry;
import io.vaultkms.platform.log.LogSettings;
import io.vaultkms.platform.log.ReadFrom;
import io.vaultkms.platform.log.Received;
import io.vaultkms.platform.log.Topics;
import io.vaultkms.platform.log.TryLater;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the event log promises, on whatever broker. Every test has a service and clusters of its
 * own.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class EventLogContract {
  static final Instant NOON = Instant.parse("2026-11-23T12:00:00.123456789Z");
  static final int PARTITIONS = 3;
  static final ConsumerSettings QUICK =
      ConsumerSettings.defaults()
          .attempts(3, Duration.ofMillis(5), Duration.ofMillis(20))
          .sessionTimeout(Duration.ofSeconds(1))
          .grace(Duration.ofMillis(300));

  private Vertx vertx;
  private LogSettings settings;
  private Raw raw;
  private final List<Member> members = new ArrayList<>();

  /** Of this test only: service, and beginning of its clusters' ids. */
  private String name;

  /** Starts the broker if it does not run yet, and says where it is. */
  abstract String startBroker(Path directory);

  abstract void stopBroker();

  @BeforeAll
  void connect(@TempDir Path directory) {
    vertx = Vertx.vertx();
    settings = new LogSettings(startBroker(directory), Map.of(), PARTITIONS, 1);
    raw = new Raw(settings.bootstrapServers());
    Topics.ensureTopics(settings, "contract");
  }

  @BeforeEach
  void name(TestInfo test) {
    name = test.getTestMethod().orElseThrow().getName().toLowerCase();
  }

  @AfterEach
  void leave() {
    members.forEach(Member::close);
    members.clear();
  }

  @AfterAll
  void disconnect() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
    stopBroker();
  }

  Member member() {
    return member(settings);
  }

  private Member member(LogSettings other) {
    Member member = new Member(vertx, other, name, name);
    members.add(member);
    return member;
  }

  static KeyCreated key(String cluster, long number) {
    return new KeyCreated(cluster, "kube-apiserver", NOON, number, "kms", "first", "AbCdEf12");
  }

  @Test
  void publishedEventsAreCloudEventsInBinaryMode() {
    KeyCreated event = key(name, 7);
    member().publish(event);
    ConsumerRecord<byte[], byte[]> record = raw.records(Topics.EVENTS, name).getFirst();
    assertThat(Raw.headers(record))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "ce_specversion", "1.0",
                "ce_id", "key-created/" + name + "/kube-apiserver/7",
                "ce_type", "io.vaultkms.KeyCreated.v1",
                "ce_source", "/vaultkms/" + name,
                "ce_subject", "kube-apiserver/keys/7",
                "ce_time", "2026-11-23T12:00:00.123456789Z",
                "content-type", "application/json"));
    assertThat(new String(record.value(), UTF_8))
        .isEqualTo(
            """
            {"clusterId":"%s","component":"kube-apiserver","time":"2026-11-23T12:00:00.123456789Z",\
            "keyId":7,"mode":"kms","reason":"first","hash":"AbCdEf12"}\
            """
                .formatted(name));
  }

  @Test
  void eventsArriveInTheOrderOfTheirClusterAndSayWhereTheyLie() {
    Member member = member();
    Event telemetry =
        new MigrationProgressed(name, "kube-apiserver", NOON, 1, "r", "secrets", 5, 10, 2.5);
    member.consume(QUICK.channels(Event.Channel.STORY, Event.Channel.TELEMETRY));
    member.publish(key(name, 1), key(name, 2), key(name, 3), telemetry);
    await().until(() -> member.handled().size() == 4);
    assertThat(member.events()).containsSubsequence(key(name, 1), key(name, 2), key(name, 3));
    assertThat(member.events()).contains(telemetry);
    Received first =
        member.handled().stream().filter(r -> !r.event().equals(telemetry)).toList().getFirst();
    assertThat(first.source()).isEqualTo("/vaultkms/" + name);
    assertThat(first.topic()).isEqualTo(Topics.EVENTS);
    assertThat(first.replayed()).isFalse();
    assertThat(first.recordTime()).isCloseTo(Instant.now(), within(1, ChronoUnit.MINUTES));
    assertThat(raw.records(Topics.EVENTS, name).getFirst())
        .matches(r -> r.partition() == first.partition() && r.offset() == first.offset());
    assertThat(member.count("vaultkms.events.published")).isEqualTo(4);
    assertThat(member.count("vaultkms.events.consumed", "type", telemetry.type())).isEqualTo(1);
    assertThat(member.log().state().sentence()).contains(settings.bootstrapServers());
    assertThat(member.log().healthy()).isTrue();
  }

  @Test
  void whatIsHandledIsCommittedAndNotHandledAgain() throws Exception {
    Member first = member();
    first.consume(QUICK);
    first.publish(key(name, 1), key(name, 2));
    await().until(() -> first.handled().size() == 2);
    first.close();
    assertThat(raw.uncommitted(Topics.group(name))).isZero();
    Member second = member();
    second.consume(QUICK);
    second.publish(key(name, 3));
    await().until(() -> !second.handled().isEmpty());
    assertThat(second.events()).containsExactly(key(name, 3));
  }

  @Test
  void whatWasBeingHandledWhenTheProcessDiedIsHandledByTheNext() throws Exception {
    Member publisher = member();
    publisher.publish(key(name, 1), key(name, 2));
    Process dying =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                DyingMember.class.getName(),
                settings.bootstrapServers(),
                name)
            .inheritIO()
            .start();
    assertThat(dying.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(dying.exitValue()).isEqualTo(DyingMember.DIED);
    publisher.consume(QUICK);
    await().atMost(15, TimeUnit.SECONDS).until(() -> publisher.handled().size() == 2);
    assertThat(publisher.events()).containsExactly(key(name, 1), key(name, 2));
  }

  @Test
  void aHandlerThatDoesNotEndIsInterruptedAndNothingOfItIsCommitted() throws Exception {
    Member first = member();
    CountDownLatch handling = new CountDownLatch(1);
    CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    first.consume(
        QUICK,
        received -> {
          if (received.event().equals(key(name, 2))) {
            handling.countDown();
            try {
              new CountDownLatch(1).await();
            } finally {
              interrupted.complete(true);
            }
          }
        });
    first.publish(key(name, 1), key(name, 2), key(name, 3));
    assertThat(handling.await(10, TimeUnit.SECONDS)).isTrue();
    first.close();
    assertThat(interrupted.get(5, TimeUnit.SECONDS)).isTrue();
    assertThat(first.count("vaultkms.events.dead.letters", "cause", "handler")).isZero();
    Member second = member();
    second.consume(QUICK);
    await().until(() -> second.handled().size() == 2);
    assertThat(second.events()).containsExactly(key(name, 2), key(name, 3));
  }

  @Test
  void unknownTypesArePassedOverAndCounted() throws Exception {
    Member member = member();
    String type = "io.vaultkms.InventedLater.v1";
    raw.write(Topics.EVENTS, name.getBytes(UTF_8), "{}".getBytes(UTF_8), cloudEvent(type));
    member.publish(key(name, 1));
    member.consume(QUICK);
    await().until(() -> member.events().equals(List.of(key(name, 1))));
    assertThat(member.count("vaultkms.events.unknown", "type", type)).isEqualTo(1);
    assertThat(raw.records(Topics.deadLetters(name), name)).isEmpty();
  }

  @Test
  void whatCannotBeDecodedIsADeadLetterByteForByte() throws Exception {
    Member member = member();
    byte[] key = name.getBytes(UTF_8);
    byte[] noise = {0, (byte) 0xff, 1, (byte) 0xfe, '\n'};
    Map<String, String> noId = new HashMap<>(cloudEvent("io.vaultkms.KeyCreated.v1"));
    noId.remove("ce_id");
    raw.write(Topics.EVENTS, key, noise, Map.of("x-mine", "yes"));
    raw.write(
        Topics.EVENTS,
        key,
        "{\"clusterId\":".getBytes(UTF_8),
        cloudEvent("io.vaultkms.KeyCreated.v1"));
    raw.write(
        Topics.EVENTS,
        key,
        "{\"keyId\":1}".getBytes(UTF_8),
        cloudEvent("io.vaultkms.KeyCreated.v1"));
    raw.write(Topics.EVENTS, key, "{}".getBytes(UTF_8), noId);
    raw.write(Topics.EVENTS, key, null, cloudEvent("io.vaultkms.KeyCreated.v1"));
    member.publish(key(name, 1));
    member.consume(QUICK);
    await().until(() -> member.events().equals(List.of(key(name, 1))));

    List<ConsumerRecord<byte[], byte[]>> originals = raw.records(Topics.EVENTS, name).subList(0, 5);
    List<ConsumerRecord<byte[], byte[]>> letters = raw.records(Topics.deadLetters(name), name);
    assertThat(letters).hasSize(5);
    for (int i = 0; i < 5; i++) {
      ConsumerRecord<byte[], byte[]> letter = letters.get(i);
      assertThat(letter.key()).isEqualTo(key);
      assertThat(letter.value()).isEqualTo(originals.get(i).value());
      assertThat(Raw.headers(letter))
          .containsAllEntriesOf(Raw.headers(originals.get(i)))
          .containsEntry("dlq_topic", Topics.EVENTS)
          .containsEntry("dlq_partition", "" + originals.get(i).partition())
          .containsEntry("dlq_offset", "" + originals.get(i).offset())
          .containsEntry("dlq_service", name)
          .containsKeys("dlq_time");
    }
    assertThat(letters.stream().map(letter -> Raw.headers(letter).get("dlq_reason")))
        .satisfiesExactly(
            reason -> assertThat(reason).startsWith("not a CloudEvent: "),
            reason ->
                assertThat(reason).startsWith("the data of io.vaultkms.KeyCreated.v1 is wrong: "),
            reason -> assertThat(reason).contains("clusterId of an event must not be empty"),
            reason -> assertThat(reason).startsWith("not a CloudEvent: "),
            reason -> assertThat(reason).isEqualTo("io.vaultkms.KeyCreated.v1 without data"));
    assertThat(member.count("vaultkms.events.dead.letters", "cause", "undecodable"))
        .isGreaterThanOrEqualTo(5);
  }

  @Test
  void anEventThatNeverWorksIsADeadLetterAfterItsAttempts() {
    Member member = member();
    AtomicInteger attempts = new AtomicInteger();
    member.consume(
        QUICK,
        received -> {
          if (received.event().equals(key(name, 1))) {
            attempts.incrementAndGet();
            throw new IllegalStateException("no luck");
          }
        });
    member.publish(key(name, 1), key(name, 2));
    await().until(() -> member.events().equals(List.of(key(name, 2))));
    assertThat(attempts).hasValue(3);
    ConsumerRecord<byte[], byte[]> letter = raw.records(Topics.deadLetters(name), name).getFirst();
    assertThat(Raw.headers(letter))
        .containsEntry("ce_id", key(name, 1).id())
        .containsEntry("dlq_reason", "the handler failed: IllegalStateException: no luck");
  }

  @Test
  void anEventThatHasToWaitIsTriedUntilItWorks() {
    Member member = member();
    AtomicInteger attempts = new AtomicInteger();
    member.consume(
        QUICK,
        received -> {
          if (attempts.incrementAndGet() < 10) {
            throw new TryLater("the cluster is away", null);
          }
        });
    member.publish(key(name, 1));
    await().until(() -> member.events().equals(List.of(key(name, 1))));
    assertThat(attempts).hasValue(10);
    assertThat(raw.records(Topics.deadLetters(name), name)).isEmpty();
  }

  @Test
  void aSlowHandlerHoldsUpItsPartitionOnlyAndStaysInTheGroup() {
    // A member that does not poll for two seconds would be thrown out.
    Member member =
        member(
            new LogSettings(
                settings.bootstrapServers(),
                Map.of("max.poll.interval.ms", "2000"),
                PARTITIONS,
                1));
    String slow = Raw.clusterIn(0, PARTITIONS, name + "-slow");
    String other = Raw.clusterIn(1, PARTITIONS, name + "-other");
    CountDownLatch release = new CountDownLatch(1);
    AtomicInteger slowCalls = new AtomicInteger();
    member.consume(
        QUICK.queue(4),
        received -> {
          if (received.event().equals(key(slow, 0))) {
            slowCalls.incrementAndGet();
            release.await();
          }
        });
    IntStream.range(0, 30).forEach(i -> member.publish(key(slow, i)));
    long until = System.nanoTime() + Duration.ofSeconds(3).toNanos();
    int sent = 0;
    while (System.nanoTime() < until) {
      member.publish(key(other, sent++));
      int expected = sent;
      await().until(() -> handledOf(member, other).size() == expected);
    }
    assertThat(handledOf(member, slow)).isEmpty();
    release.countDown();
    await().until(() -> handledOf(member, slow).size() == 30);
    assertThat(slowCalls).hasValue(1);
    assertThat(handledOf(member, slow).stream().map(Event::id)).doesNotHaveDuplicates();
    assertThat(member.log().healthy()).isTrue();
  }

  private static List<Event> handledOf(Member member, String cluster) {
    return member.events().stream().filter(event -> event.clusterId().equals(cluster)).toList();
  }

  @Test
  void membersShareThePartitionsAndLoseNothingWhenOneComesOrGoes() throws Exception {
    Member first = member();
    Member second = member();
    List<String> clusters =
        IntStream.range(0, PARTITIONS).mapToObj(p -> Raw.clusterIn(p, PARTITIONS, name)).toList();
    first.consume(QUICK);
    Set<String> published = new HashSet<>();
    for (int i = 0; i < 120; i++) {
      if (i == 40) {
        second.consume(QUICK);
      } else if (i == 80) {
        await().until(() -> !second.handled().isEmpty());
        first.close();
      }
      for (String cluster : clusters) {
        second.publish(key(cluster, i));
        published.add(key(cluster, i).id());
      }
    }
    List<Member> both = members;
    await().until(() -> idsOf(both).containsAll(published));
    assertThat(idsOf(both)).isEqualTo(published);
    second.close();
    assertThat(raw.uncommitted(Topics.group(name))).isZero();
    long handlings = both.stream().mapToLong(member -> member.handled().size()).sum();
    assertThat(handlings).isEqualTo(published.size());
  }

  private static Set<String> idsOf(List<Member> members) {
    Set<String> ids = new HashSet<>();
    members.forEach(member -> member.events().forEach(event -> ids.add(event.id())));
    return ids;
  }

  @Test
  void aStretchIsHandledAgainWhenSomeoneAsks() {
    Member member = member();
    String neighbour = Raw.clusterIn(0, PARTITIONS, name + "-neighbour");
    String cluster = Raw.clusterIn(0, PARTITIONS, name + "-mine");
    member.consume(QUICK);
    member.publish(
        key(cluster, 1),
        key(neighbour, 1),
        key(cluster, 2),
        new ReplayRequested(cluster, "", NOON, "of-others", "another-service", 0, 5),
        key(cluster, 3),
        key(cluster, 4));
    await().until(() -> handledOf(member, cluster).size() == 5);
    long from = offsetOf(member, key(cluster, 2));
    long to = offsetOf(member, key(cluster, 3));
    member.publish(new ReplayRequested(cluster, "", NOON, "q1", name, from, to));
    await().until(() -> member.events().stream().anyMatch(ReplayFinished.class::isInstance));
    assertThat(member.handled().stream().filter(Received::replayed).map(Received::event))
        .containsExactly(key(cluster, 2), key(cluster, 3));
    ReplayFinished finished =
        (ReplayFinished)
            member.events().stream().filter(ReplayFinished.class::isInstance).toList().getFirst();
    assertThat(finished.requestId()).isEqualTo("q1");
    assertThat(finished.service()).isEqualTo(name);
    assertThat(finished.handled()).isEqualTo(2);
    assertThat(finished.failed()).isZero();
    await().untilAsserted(() -> assertThat(raw.uncommitted(Topics.group(name))).isZero());
  }

  @Test
  void aReplayDoesNotHoldUpWhatHappensNowAndSurvivesTheEndOfItsMember() throws Exception {
    Member member = member();
    CountDownLatch replaying = new CountDownLatch(1);
    member.consume(
        QUICK,
        received -> {
          if (received.replayed()) {
            replaying.countDown();
            new CountDownLatch(1).await();
          }
        });
    member.publish(key(name, 1));
    await().until(() -> member.handled().size() == 1);
    member.publish(new ReplayRequested(name, "", NOON, "q1", name, 0, Long.MAX_VALUE));
    assertThat(replaying.await(10, TimeUnit.SECONDS)).isTrue();
    member.publish(key(name, 2), key(name, 3));
    await().until(() -> member.events().containsAll(List.of(key(name, 2), key(name, 3))));
    member.close();
    Member next = member();
    next.consume(QUICK);
    await().until(() -> next.events().stream().anyMatch(ReplayFinished.class::isInstance));
    assertThat(next.handled().stream().filter(Received::replayed).map(Received::event))
        .containsExactly(key(name, 1));
  }

  private static long offsetOf(Member member, Event event) {
    return member.handled().stream()
        .filter(received -> received.event().equals(event))
        .findFirst()
        .orElseThrow()
        .offset();
  }

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

  @Test
  void publishingOnAnEventLoopIsRefused() {
    Member member = member();
    CompletableFuture<Void> published = new CompletableFuture<>();
    vertx.runOnContext(
        v -> {
          try {
            member.publish(key(name, 1));
            published.complete(null);
          } catch (RuntimeException e) {
            published.completeExceptionally(e);
          }
        });
    assertThatThrownBy(published::join).hasMessageContaining("this is an event loop");
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

  private static Map<String, String> cloudEvent(String type) {
    return Map.of(
        "ce_specversion", "1.0",
        "ce_id", "id-1",
        "ce_type", type,
        "ce_source", "/somewhere",
        "content-type", "application/json");
  }
}
