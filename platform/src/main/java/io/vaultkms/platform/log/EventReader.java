package io.vaultkms.platform.log;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/**
 * Reads topics for people's tools, outside any group and without leaving a trace. The calling
 * thread blocks and gets the entries, those of one partition in order. For one thread; only {@link
 * #stop} may come from another.
 */
public final class EventReader implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(250);

  private final LogSettings settings;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private volatile boolean stopped;
  private long count;

  private EventReader(LogSettings settings, KafkaConsumer<byte[], byte[]> consumer) {
    this.settings = settings;
    this.consumer = consumer;
  }

  /**
   * @param tool names the program to the broker
   * @throws EventLogUnavailable if the broker's name cannot be resolved
   */
  public static EventReader open(LogSettings settings, String tool) {
    try {
      return new EventReader(settings, LogCursor.open(settings, tool));
    } catch (KafkaException e) {
      throw new EventLogUnavailable(settings, "no reader can be made", e);
    }
  }

  /**
   * Reads to the end as it is at the call, or until stopped.
   *
   * @return how many entries there were; none of a topic that is not there
   * @throws EventLogUnavailable if the broker does not answer within some seconds
   */
  public long read(Set<String> topics, ReadFrom from, Consumer<? super LogEntry> taker) {
    count = 0;
    guarded(
        () -> {
          Collection<TopicPartition> partitions = begin(topics, from);
          Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
          while (!stopped && !reached(ends)) {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
            if (records.isEmpty()) {
              // A poll only waits for a broker that is away; this call ends with an exception.
              consumer.endOffsets(partitions);
            }
            for (ConsumerRecord<byte[], byte[]> record : records) {
              long end = ends.get(new TopicPartition(record.topic(), record.partition()));
              if (!stopped && record.offset() < end) {
                taker.accept(new LogEntry(record, EventCodec.decode(record)));
                count++;
              }
            }
          }
        });
    return count;
  }

  /**
   * Reads, and waits for what comes, until stopped; goes on when the broker was away.
   *
   * @throws EventLogUnavailable if the broker does not answer at first, or no topic is there
   */
  public void follow(Set<String> topics, ReadFrom from, Consumer<? super LogEntry> taker) {
    guarded(
        () -> {
          if (begin(topics, from).isEmpty()) {
            throw new EventLogUnavailable(settings, "no topic " + topics + " is there", null);
          }
          while (!stopped) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
              if (!stopped) {
                taker.accept(new LogEntry(record, EventCodec.decode(record)));
              }
            }
          }
        });
  }

  /** Makes the reading return soon. From any thread. */
  public void stop() {
    stopped = true;
    consumer.wakeup();
  }

  /** By the reading thread, after reading. */
  @Override
  public void close() {
    consumer.close();
  }

  private void guarded(Runnable reading) {
    try {
      reading.run();
    } catch (WakeupException e) {
      // Stopped, as was wished.
    } catch (InterruptException e) {
      throw new EventLogUnavailable(settings, "reading was interrupted", null);
    } catch (KafkaException e) {
      throw new EventLogUnavailable(settings, "it cannot be read", e);
    }
  }

  private Collection<TopicPartition> begin(Set<String> topics, ReadFrom from) {
    List<TopicPartition> partitions =
        topics.stream()
            .map(consumer::partitionsFor)
            .filter(Objects::nonNull)
            .flatMap(List::stream)
            .map(EventReader::partitionOf)
            .toList();
    consumer.assign(partitions);
    switch (from) {
      case ReadFrom.Beginning() -> consumer.seekToBeginning(partitions);
      case ReadFrom.End() -> consumer.seekToEnd(partitions);
      case ReadFrom.Time(var time) -> seekTo(partitions, time.toEpochMilli());
    }
    // Finds the places now, so that what is written from here on comes after them.
    partitions.forEach(consumer::position);
    return partitions;
  }

  private void seekTo(List<TopicPartition> partitions, long millis) {
    Map<TopicPartition, Long> times = new HashMap<>();
    partitions.forEach(partition -> times.put(partition, millis));
    consumer.offsetsForTimes(times).forEach((partition, found) -> seek(partition, found));
  }

  private void seek(TopicPartition partition, @Nullable OffsetAndTimestamp found) {
    if (found == null) {
      consumer.seekToEnd(List.of(partition));
    } else {
      consumer.seek(partition, found.offset());
    }
  }

  private boolean reached(Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }

  private static TopicPartition partitionOf(PartitionInfo info) {
    return new TopicPartition(info.topic(), info.partition());
  }
}
