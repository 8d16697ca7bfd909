package io.vaultkms.platform.log;

import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A place in one partition, outside any group, that moves by reading. For one thread at a time. */
final class LogCursor implements AutoCloseable {
  private final KafkaConsumer<byte[], byte[]> consumer;

  private LogCursor(KafkaConsumer<byte[], byte[]> consumer) {
    this.consumer = consumer;
  }

  static LogCursor at(LogSettings settings, String service, TopicPartition partition, long offset) {
    KafkaConsumer<byte[], byte[]> consumer = open(settings, service);
    consumer.assign(List.of(partition));
    consumer.seek(partition, offset);
    return new LogCursor(consumer);
  }

  static KafkaConsumer<byte[], byte[]> open(LogSettings settings, String service) {
    return new KafkaConsumer<>(
        KafkaClients.reader(settings, service),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }

  long position(TopicPartition partition) {
    return consumer.position(partition);
  }

  ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
    return consumer.poll(timeout);
  }

  @Override
  public void close() {
    consumer.close();
  }
}
