package io.vaultkms.platform.log;

import io.cloudevents.CloudEvent;
import io.vaultkms.model.event.Event;
import io.vaultkms.platform.work.Backoff;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes one record to its end: handled, passed over, or a dead letter. Returns only when the record
 * may be committed; when work is to stop before that, it throws. Blocks; safe for use by many
 * threads.
 */
final class RecordHandling {
  /** What became of a record. */
  enum Outcome {
    HANDLED,
    PASSED_OVER,
    DEAD_LETTER
  }

  private static final Logger LOG = LoggerFactory.getLogger(RecordHandling.class);

  private final EventHandler handler;
  private final DeadLetters deadLetters;
  private final ConsumerMetrics metrics;
  private final int attempts;
  private final Backoff backoff;

  RecordHandling(
      EventHandler handler,
      DeadLetters deadLetters,
      ConsumerMetrics metrics,
      ConsumerSettings settings) {
    this.handler = handler;
    this.deadLetters = deadLetters;
    this.metrics = metrics;
    this.attempts = settings.attempts();
    this.backoff = settings.backoff();
  }

  /**
   * @throws InterruptedException if the signal was given before the record came to its end
   */
  Outcome settle(
      ConsumerRecord<byte[], byte[]> record, Decoded decoded, boolean replayed, StopSignal stop)
      throws InterruptedException {
    return switch (decoded) {
      case Decoded.Known(Event event, CloudEvent cloudEvent) ->
          handle(record, received(record, event, cloudEvent, replayed), stop);
      case Decoded.Unknown(CloudEvent cloudEvent) -> {
        metrics.unknown(cloudEvent.getType());
        LOG.info("{} passed over: type {} is unknown", where(record), cloudEvent.getType());
        yield Outcome.PASSED_OVER;
      }
      case Decoded.Undecodable(String reason) -> bury(record, reason, "undecodable", stop);
    };
  }

  private Outcome handle(ConsumerRecord<byte[], byte[]> record, Received received, StopSignal stop)
      throws InterruptedException {
    String type = received.event().type();
    metrics.consumed(type);
    int failures = 0;
    int held = 0;
    while (true) {
      try {
        long start = System.nanoTime();
        handler.handle(received);
        metrics.handled(type, Duration.ofNanos(System.nanoTime() - start));
        return Outcome.HANDLED;
      } catch (Throwable failure) {
        endIfStopped(stop);
        boolean later = failure instanceof TryLater;
        held += later ? 1 : 0;
        failures += later ? 0 : 1;
        if (failures >= attempts) {
          LOG.error("{} of {} cannot be handled", where(record), type, failure);
          return bury(record, "the handler failed: " + described(failure), "handler", stop);
        }
        LOG.warn("{} of {} is tried again: {}", where(record), type, described(failure));
        metrics.retried(type);
        stop.pause(backoff.after(later ? held : failures));
      }
    }
  }

  /** A dead letter that cannot be put away holds up its partition: it is never lost. */
  private Outcome bury(
      ConsumerRecord<byte[], byte[]> record, String reason, String cause, StopSignal stop)
      throws InterruptedException {
    for (int failures = 1; ; failures++) {
      try {
        deadLetters.add(record, reason);
        metrics.deadLetter(cause);
        LOG.warn("{} is a dead letter now: {}", where(record), reason);
        return Outcome.DEAD_LETTER;
      } catch (RuntimeException e) {
        endIfStopped(stop);
        LOG.warn("{} has to wait: {}", where(record), e.getMessage());
        stop.pause(backoff.after(failures));
      }
    }
  }

  /** An interrupt that does not come from the stop was the handler's own, and is over with it. */
  private static void endIfStopped(StopSignal stop) throws InterruptedException {
    boolean interrupted = Thread.interrupted();
    if (stop.isGiven()) {
      throw new InterruptedException(interrupted ? "interrupted" : "stopped");
    }
  }

  private static Received received(
      ConsumerRecord<byte[], byte[]> record, Event event, CloudEvent cloudEvent, boolean replayed) {
    return new Received(
        event,
        cloudEvent.getSource().toString(),
        record.topic(),
        record.partition(),
        record.offset(),
        Instant.ofEpochMilli(record.timestamp()),
        replayed);
  }

  private static String described(Throwable failure) {
    return failure.getMessage() == null
        ? failure.getClass().getSimpleName()
        : failure.getClass().getSimpleName() + ": " + failure.getMessage();
  }

  private static String where(ConsumerRecord<byte[], byte[]> record) {
    return record.topic() + "-" + record.partition() + " offset " + record.offset();
  }
}
