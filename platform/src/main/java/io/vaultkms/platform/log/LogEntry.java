package io.vaultkms.platform.log;

import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A record as a reader finds it.
 *
 * @param record the record, byte for byte
 * @param decoded what it turned out to be
 */
public record LogEntry(ConsumerRecord<byte[], byte[]> record, Decoded decoded) {
  public String topic() {
    return record.topic();
  }

  public int partition() {
    return record.partition();
  }

  public long offset() {
    return record.offset();
  }

  /** When it was written to the log. */
  public Instant recordTime() {
    return Instant.ofEpochMilli(record.timestamp());
  }

  @Override
  public String toString() {
    return topic() + "-" + partition() + " offset " + offset() + " " + decoded;
  }
}
