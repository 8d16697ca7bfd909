package io.vaultkms.platform.log;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.kafka.client.producer.KafkaWriteStream;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Sends records and blocks until all in-sync replicas have them. Made at the first record, since a
 * producer cannot be made while the broker's name does not resolve.
 */
final class LogProducer implements AutoCloseable {
  private final Vertx vertx;
  private final LogSettings settings;
  private final String service;
  private final BrokerWatch watch;
  private final Duration timeout;
  private final ReentrantLock making = new ReentrantLock();
  private volatile @Nullable KafkaWriteStream<byte[], byte[]> stream;

  /**
   * @param timeout how long a send may take in all
   */
  LogProducer(
      Vertx vertx, LogSettings settings, String service, BrokerWatch watch, Duration timeout) {
    this.vertx = vertx;
    this.settings = settings;
    this.service = service;
    this.watch = watch;
    this.timeout = timeout;
  }

  /**
   * After a timeout the record may still arrive: telling it again is then telling it twice, under
   * the same id.
   *
   * @param what names the record in the exception's sentence
   */
  void send(ProducerRecord<byte[], byte[]> record, String what) {
    if (Context.isOnEventLoopThread()) {
      throw new IllegalStateException("publishing blocks, and this is an event loop");
    }
    try {
      long deadline = System.nanoTime() + timeout.toNanos();
      watch.awaitTopics(timeout);
      stream()
          .send(record)
          .toCompletionStage()
          .toCompletableFuture()
          .get(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EventLogUnavailable(settings, "publishing " + what + " was interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new EventLogUnavailable(settings, "it did not take " + what, e);
    }
  }

  @Override
  public void close() {
    KafkaWriteStream<byte[], byte[]> closing = stream;
    if (closing != null) {
      closing.unwrap().close(Duration.ofSeconds(5));
    }
  }

  private KafkaWriteStream<byte[], byte[]> stream() {
    KafkaWriteStream<byte[], byte[]> present = stream;
    if (present != null) {
      return present;
    }
    making.lock();
    try {
      KafkaWriteStream<byte[], byte[]> made = stream;
      if (made == null) {
        made =
            KafkaWriteStream.create(
                vertx,
                new KafkaProducer<>(
                    KafkaClients.producer(settings, service, timeout),
                    new ByteArraySerializer(),
                    new ByteArraySerializer()));
        // Every failure reaches the caller of send; without this Vert.x would log each as
        // unhandled.
        made.exceptionHandler(failure -> {});
        stream = made;
      }
      return made;
    } catch (RuntimeException e) {
      throw new EventLogUnavailable(settings, "no producer can be made", e);
    } finally {
      making.unlock();
    }
  }
}
