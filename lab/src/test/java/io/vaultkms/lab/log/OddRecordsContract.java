package io.vaultkms.lab.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vaultkms.platform.log.Topics;
import io.vaultkms.platform.log.TryLater;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** What becomes of records that cannot be handled. */
abstract class OddRecordsContract extends LogFixture {
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
}
