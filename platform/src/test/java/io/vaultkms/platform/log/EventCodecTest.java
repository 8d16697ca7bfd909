package io.vaultkms.platform.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.cloudevents.CloudEvent;
import io.cloudevents.jackson.JsonFormat;
import io.vaultkms.model.config.Violation;
import io.vaultkms.model.event.ConfigRejected;
import io.vaultkms.model.event.Event;
import io.vaultkms.model.event.MigrationProgressed;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

class EventCodecTest {
  private static final Event EVENT =
      new ConfigRejected(
          "prod/é",
          "kube-apiserver",
          Instant.parse("2026-11-23T12:00:00.5Z"),
          4,
          "AbCdEf12",
          List.of(new Violation("spec.address", "http://x", "must be https")));

  @Test
  void anEventComesBackFromItsRecord() {
    ProducerRecord<byte[], byte[]> written = EventCodec.toRecord(EVENT, "config-watcher");
    assertThat(written.topic()).isEqualTo("vaultkms.events");
    assertThat(new String(written.key(), UTF_8)).isEqualTo("prod/é");
    Decoded decoded = EventCodec.decode(read(written.value(), written.headers().toArray()));
    assertThat(decoded).isInstanceOf(Decoded.Known.class);
    assertThat(((Decoded.Known) decoded).event()).isEqualTo(EVENT);
  }

  @Test
  void telemetryHasATopicOfItsOwn() {
    Event progress = new MigrationProgressed("c", "", Instant.EPOCH, 1, "r", "secrets", 1, 2, 0.5);
    assertThat(EventCodec.toRecord(progress, "migrator").topic()).isEqualTo("vaultkms.telemetry");
  }

  @Test
  void structuredModeIsReadToo() {
    CloudEvent cloudEvent = EventCodec.toCloudEvent(EVENT, "config-watcher");
    RecordHeaders headers = new RecordHeaders();
    headers.add("content-type", "application/cloudevents+json".getBytes(UTF_8));
    Decoded decoded =
        EventCodec.decode(read(new JsonFormat().serialize(cloudEvent), headers.toArray()));
    assertThat(((Decoded.Known) decoded).event()).isEqualTo(EVENT);
  }

  @Test
  void theReasonIsOneShortLine() {
    ProducerRecord<byte[], byte[]> written = EventCodec.toRecord(EVENT, "config-watcher");
    byte[] broken = "{\"clusterId\": hunter2".getBytes(UTF_8);
    Decoded decoded = EventCodec.decode(read(broken, written.headers().toArray()));
    assertThat(((Decoded.Undecodable) decoded).reason()).doesNotContain("\n").hasSizeLessThan(300);
  }

  private static ConsumerRecord<byte[], byte[]> read(
      byte[] value, org.apache.kafka.common.header.Header[] headers) {
    ConsumerRecord<byte[], byte[]> record =
        new ConsumerRecord<>("vaultkms.events", 0, 0, new byte[0], value);
    for (var header : headers) {
      record.headers().add(header);
    }
    return record;
  }
}
