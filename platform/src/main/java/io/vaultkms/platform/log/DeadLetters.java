package io.vaultkms.platform.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** Puts away what a service cannot take: key, value and headers as they were, and headers more. */
final class DeadLetters {
  private static final int LONGEST_REASON = 1000;

  private final LogProducer producer;
  private final String service;

  DeadLetters(LogProducer producer, String service) {
    this.producer = producer;
    this.service = service;
  }

  /** Blocks until the dead letter is in the log. */
  void add(ConsumerRecord<byte[], byte[]> record, String reason) {
    RecordHeaders headers = new RecordHeaders(record.headers().toArray());
    put(headers, "dlq_topic", record.topic());
    put(headers, "dlq_partition", Integer.toString(record.partition()));
    put(headers, "dlq_offset", Long.toString(record.offset()));
    put(headers, "dlq_reason", reason.substring(0, Math.min(LONGEST_REASON, reason.length())));
    put(headers, "dlq_service", service);
    put(headers, "dlq_time", Instant.now().toString());
    producer.send(
        new ProducerRecord<>(
            Topics.deadLetters(service), null, null, record.key(), record.value(), headers),
        "the dead letter of offset " + record.offset());
  }

  private static void put(RecordHeaders headers, String name, String value) {
    headers.add(name, value.getBytes(UTF_8));
  }
}
