package io.vaultkms.lab.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vaultkms.platform.log.Received;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/** The log as a stranger with plain Kafka clients sees it and writes to it. */
final class Raw {
  private final String bootstrap;

  Raw(String bootstrap) {
    this.bootstrap = bootstrap;
  }

  List<ConsumerRecord<byte[], byte[]>> records(String topic) {
    List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
    try (var consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrap),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        consumer.poll(Duration.ofMillis(100)).forEach(found::add);
      }
    }
    return found;
  }

  List<ConsumerRecord<byte[], byte[]>> records(String topic, String key) {
    return records(topic).stream()
        .filter(record -> record.key() != null && key.equals(new String(record.key(), UTF_8)))
        .toList();
  }

  void write(
      String topic, byte @Nullable [] key, byte @Nullable [] value, Map<String, String> headers)
      throws Exception {
    var record = new ProducerRecord<byte[], byte[]>(topic, key, value);
    headers.forEach((name, text) -> record.headers().add(name, text.getBytes(UTF_8)));
    try (var producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrap),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.send(record).get();
    }
  }

  /** The offset that the group goes on from in the partition of an event. */
  long committed(String group, Received in) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      OffsetAndMetadata committed =
          admin
              .listConsumerGroupOffsets(group)
              .partitionsToOffsetAndMetadata()
              .get()
              .get(new TopicPartition(in.topic(), in.partition()));
      return committed == null ? -1 : committed.offset();
    }
  }

  static Map<String, String> headers(ConsumerRecord<byte[], byte[]> record) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (Header header : record.headers()) {
      headers.put(header.key(), new String(header.value(), UTF_8));
    }
    return headers;
  }

  /** A cluster id with the prefix whose events lie in the partition. */
  static String clusterIn(int partition, int partitions, String prefix) {
    for (int i = 0; ; i++) {
      String id = prefix + "-" + i;
      if (Utils.toPositive(Utils.murmur2(id.getBytes(UTF_8))) % partitions == partition) {
        return id;
      }
    }
  }
}
