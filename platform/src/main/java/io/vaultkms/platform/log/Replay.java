package io.vaultkms.platform.log;

import io.vaultkms.model.event.Event;
import io.vaultkms.model.event.ReplayFinished;
import io.vaultkms.model.event.ReplayRequested;
import io.vaultkms.platform.log.RecordHandling.Outcome;
import io.vaultkms.platform.work.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands a stretch of the log to the handler again, read by a consumer of its own outside the group.
 * One at a time, so that many requests take no more memory than one.
 */
final class Replay {
  private static final Logger LOG = LoggerFactory.getLogger(Replay.class);

  private final LogSettings settings;
  private final String service;
  private final RecordHandling handling;
  private final EventPublisher publisher;
  private final Backoff backoff = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(10));
  private final Semaphore turn = new Semaphore(1, true);

  Replay(LogSettings settings, String service, RecordHandling handling, EventPublisher publisher) {
    this.settings = settings;
    this.service = service;
    this.handling = handling;
    this.publisher = publisher;
  }

  boolean concerns(ReplayRequested request) {
    return request.service().equals(service);
  }

  /**
   * Blocks until the stretch is handled and the end of it told; begins anew when the broker goes
   * away in the middle.
   */
  void run(ConsumerRecord<byte[], byte[]> asked, ReplayRequested request, StopSignal stop)
      throws InterruptedException {
    turn.acquire();
    try {
      for (int failures = 1; !attempt(asked, request, stop); failures++) {
        stop.pause(backoff.after(failures));
      }
    } finally {
      turn.release();
    }
  }

  private boolean attempt(
      ConsumerRecord<byte[], byte[]> asked, ReplayRequested request, StopSignal stop)
      throws InterruptedException {
    try {
      Counts counts = handleAgain(asked, request, stop);
      publisher.publish(
          new ReplayFinished(
              request.clusterId(),
              request.component(),
              Instant.now(),
              request.requestId(),
              service,
              counts.handled,
              counts.failed));
      return true;
    } catch (RuntimeException e) {
      if (stop.isGiven()) {
        throw new InterruptedException("stopped");
      }
      LOG.warn("replay {} begins anew: {}", request.requestId(), e.getMessage());
      return false;
    }
  }

  private Counts handleAgain(
      ConsumerRecord<byte[], byte[]> asked, ReplayRequested request, StopSignal stop)
      throws InterruptedException {
    TopicPartition partition = new TopicPartition(asked.topic(), asked.partition());
    long from = Math.max(0, request.fromOffset());
    // What came after the request is handled by the live consumer.
    long to = Math.min(request.toOffset(), asked.offset() - 1);
    Counts counts = new Counts();
    try (LogCursor cursor = LogCursor.at(settings, service, partition, from)) {
      while (cursor.position(partition) <= to) {
        for (ConsumerRecord<byte[], byte[]> record : cursor.poll(Duration.ofMillis(200))) {
          if (record.offset() <= to) {
            handleAgain(record, request, stop, counts);
          }
        }
        stop.pause(Duration.ZERO);
      }
    }
    return counts;
  }

  private void handleAgain(
      ConsumerRecord<byte[], byte[]> record,
      ReplayRequested request,
      StopSignal stop,
      Counts counts)
      throws InterruptedException {
    stop.pause(Duration.ZERO);
    Decoded decoded = EventCodec.decode(record);
    if (decoded instanceof Decoded.Known(Event event, _)
        && !(event instanceof ReplayRequested)
        && event.clusterId().equals(request.clusterId())) {
      switch (handling.settle(record, decoded, true, stop)) {
        case Outcome.HANDLED -> counts.handled++;
        case Outcome.PASSED_OVER, Outcome.DEAD_LETTER -> counts.failed++;
      }
    }
  }

  private static final class Counts {
    long handled;
    long failed;
  }
}
