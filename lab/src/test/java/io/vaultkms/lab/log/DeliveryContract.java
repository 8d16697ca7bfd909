package io.vaultkms.lab.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.vaultkms.model.event.Event;
import io.vaultkms.model.event.KeyCreated;
import io.vaultkms.model.event.MigrationProgressed;
import io.vaultkms.platform.log.LogSettings;
import io.vaultkms.platform.log.Received;
import io.vaultkms.platform.log.Topics;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** Every event reaches its handler, in the order of its cluster, whoever comes, goes or dies. */
abstract class DeliveryContract extends LogFixture {
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
    // Those that other tests have left in the log count as well.
    assertThat(member.count("vaultkms.events.consumed", "type", telemetry.type()))
        .isGreaterThanOrEqualTo(1);
    assertThat(member.log().state().sentence()).contains(settings.bootstrapServers());
    assertThat(member.log().healthy()).isTrue();
    await()
        .until(
            () -> member.metrics().find("vaultkms.events.lag").gauges().size() == 2 * PARTITIONS);
    await()
        .until(
            () ->
                member.metrics().find("vaultkms.events.lag").gauges().stream()
                    .allMatch(g -> g.value() == 0));
    member.close();
    assertThat(member.metrics().find("vaultkms.events.lag").gauges()).isEmpty();
    assertThat(member.log().healthy()).isFalse();
  }

  @Test
  void whatIsHandledIsCommittedAndNotHandledAgain() throws Exception {
    Member first = member();
    first.consume(QUICK);
    first.publish(key(name, 1), key(name, 2));
    await().until(() -> first.handled().size() == 2);
    first.close();
    Received last = first.handled().getLast();
    assertThat(raw.committed(Topics.group(name, ""), last)).isEqualTo(last.offset() + 1);
    Member second = member();
    second.consume(QUICK);
    second.publish(key(name, 3));
    await().until(() -> !second.handled().isEmpty());
    assertThat(second.events()).containsExactly(key(name, 3));
  }

  @Test
  void membersForTwoClustersBothGetEverything() {
    Member one = member();
    Member other = member();
    one.consume(QUICK.cluster(name + "a"));
    other.consume(QUICK.cluster(name + "b"));
    Event[] events =
        IntStream.range(0, 20).mapToObj(i -> key(name + "-" + i, 1)).toArray(Event[]::new);
    one.publish(events);
    await().untilAsserted(() -> assertThat(one.events()).containsExactlyInAnyOrder(events));
    await().untilAsserted(() -> assertThat(other.events()).containsExactlyInAnyOrder(events));
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
        QUICK.queue(4).sessionTimeout(Duration.ofSeconds(5)),
        received -> {
          if (received.event().equals(key(slow, 0))) {
            slowCalls.incrementAndGet();
            release.await();
          }
        });
    IntStream.range(0, 30).forEach(i -> member.publish(key(slow, i)));
    long until = System.nanoTime() + Duration.ofMillis(2800).toNanos();
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

  @Test
  void membersShareThePartitionsAndLoseNothingWhenOneComesOrGoes() throws Exception {
    Member first = member();
    Member second = member();
    List<String> clusters =
        IntStream.range(0, PARTITIONS).mapToObj(p -> Raw.clusterIn(p, PARTITIONS, name)).toList();
    Set<String> published = new HashSet<>();
    AtomicInteger round = new AtomicInteger();
    Runnable publishing =
        () -> {
          int number = round.getAndIncrement();
          for (String cluster : clusters) {
            second.publish(key(cluster, number));
            published.add(key(cluster, number).id());
          }
        };
    first.consume(QUICK);
    until(publishing, () -> first.handled().size() > 50);
    second.consume(QUICK);
    until(publishing, () -> second.handled().size() > 50);
    first.close();
    int before = round.get();
    until(publishing, () -> round.get() > before + 50);
    List<Member> both = List.of(first, second);
    await().until(() -> idsOf(both).containsAll(published));
    assertThat(idsOf(both)).isEqualTo(published);
    second.close();
    Received last = second.handled().getLast();
    assertThat(raw.committed(Topics.group(name, ""), last)).isEqualTo(last.offset() + 1);
    long handlings = both.stream().mapToLong(member -> member.handled().size()).sum();
    // A member that goes hands over what it committed, so that hardly anything comes twice.
    assertThat(handlings).isBetween((long) published.size(), published.size() + 30L);
  }

  private static void until(Runnable again, BooleanSupplier enough) {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!enough.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      again.run();
    }
  }

  private static Set<String> idsOf(List<Member> members) {
    Set<String> ids = new HashSet<>();
    members.forEach(member -> member.events().forEach(event -> ids.add(event.id())));
    return ids;
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
}
