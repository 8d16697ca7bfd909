package io.vaultkms.lab.log;

import io.vaultkms.model.event.Event;
import io.vaultkms.model.event.KeyCreated;
import io.vaultkms.platform.log.ConsumerSettings;
import io.vaultkms.platform.log.LogSettings;
import io.vaultkms.platform.log.Topics;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;

/** A log on whatever broker. Every test has a service and clusters of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class LogFixture {
  static final Instant NOON = Instant.parse("2026-11-23T12:00:00.123456789Z");
  static final int PARTITIONS = 3;
  static final ConsumerSettings QUICK =
      ConsumerSettings.defaults()
          .attempts(3, Duration.ofMillis(5), Duration.ofMillis(20))
          .sessionTimeout(Duration.ofSeconds(1))
          .grace(Duration.ofMillis(300));

  Vertx vertx;
  LogSettings settings;
  Raw raw;
  private final List<Member> members = new ArrayList<>();

  /** Of this test only: service, and beginning of its clusters' ids. */
  String name;

  abstract String bootstrapServers();

  @BeforeAll
  void connect() {
    Awaitility.setDefaultPollInterval(Duration.ofMillis(20));
    Awaitility.setDefaultTimeout(Duration.ofSeconds(20));
    vertx = Vertx.vertx();
    settings = new LogSettings(bootstrapServers(), Map.of(), PARTITIONS, 1);
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
  }

  Member member() {
    return member(settings);
  }

  Member member(LogSettings other) {
    Member member = new Member(vertx, other, name, name);
    members.add(member);
    return member;
  }

  static KeyCreated key(String cluster, long number) {
    return new KeyCreated(cluster, "kube-apiserver", NOON, number, "kms", "first", "AbCdEf12");
  }

  static List<Event> handledOf(Member member, String cluster) {
    return member.events().stream().filter(event -> event.clusterId().equals(cluster)).toList();
  }

  static Map<String, String> cloudEvent(String type) {
    return Map.of(
        "ce_specversion", "1.0",
        "ce_id", "id-1",
        "ce_type", type,
        "ce_source", "/somewhere",
        "content-type", "application/json");
  }
}
