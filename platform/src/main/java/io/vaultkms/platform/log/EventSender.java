package io.vaultkms.platform.log;

import io.vaultkms.model.event.Event;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Publishes single events for people's tools. Unlike a service's end of the log it makes no topics
 * and watches no broker. For one thread.
 */
public final class EventSender implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(15);

  private final LogSettings settings;
  private final String tool;
  private final KafkaProducer<byte[], byte[]> producer;

  private EventSender(LogSettings settings, String tool, KafkaProducer<byte[], byte[]> producer) {
    this.settings = settings;
    this.tool = tool;
    this.producer = producer;
  }

  /**
   * @param tool names the program: the source of its events
   * @throws EventLogUnavailable if the broker's name cannot be resolved
   */
  public static EventSender open(LogSettings settings, String tool) {
    try {
      return new EventSender(
          settings,
          tool,
          new KafkaProducer<>(
              KafkaClients.producer(settings, tool, TIMEOUT),
              new ByteArraySerializer(),
              new ByteArraySerializer()));
    } catch (KafkaException e) {
      throw new EventLogUnavailable(settings, "no producer can be made", e);
    }
  }

  /**
   * Blocks until the log has the event.
   *
   * @return where it lies
   * @throws EventLogUnavailable if the log did not confirm it; it may have it nevertheless
   */
  public RecordMetadata send(Event event) {
    try {
      return producer
          .send(EventCodec.toRecord(event, tool))
          .get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EventLogUnavailable(settings, "publishing was interrupted", e);
    } catch (ExecutionException | TimeoutException | KafkaException e) {
      throw new EventLogUnavailable(settings, "it did not take " + event.type(), e);
    }
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(2));
  }
}
