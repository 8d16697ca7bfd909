package io.vaultkms.platform.log;

import io.micrometer.core.instrument.Meter;
import io.vaultkms.model.event.ReplayRequested;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * One partition while it is ours: its records wait in a queue and are handled one after the other
 * on a virtual thread, with replays beside it. The session feeds it, and reads off what may be
 * committed.
 */
final class PartitionLane {
  /** Wakes the thread that waits for records. */
  private static final ConsumerRecord<byte[], byte[]> WAKE =
      new ConsumerRecord<>("", 0, 0, new byte[0], new byte[0]);

  private final TopicPartition partition;
  private final RecordHandling handling;
  private final Replay replay;
  private final ConsumerMetrics metrics;
  private final Consumer<Throwable> broken;
  private final LinkedBlockingQueue<ConsumerRecord<byte[], byte[]>> queue =
      new LinkedBlockingQueue<>();
  private final AtomicLong lag = new AtomicLong();
  private final Progress progress = new Progress();
  private final StopSignal stop = new StopSignal();
  private final Queue<Thread> threads = new ConcurrentLinkedQueue<>();
  private final Meter lagMeter;
  private boolean paused;

  PartitionLane(
      TopicPartition partition,
      RecordHandling handling,
      Replay replay,
      ConsumerMetrics metrics,
      Consumer<Throwable> broken) {
    this.partition = partition;
    this.handling = handling;
    this.replay = replay;
    this.metrics = metrics;
    this.broken = broken;
    this.lagMeter = metrics.lag(partition, lag);
  }

  PartitionLane start() {
    start("lane-" + partition, this::run);
    return this;
  }

  TopicPartition partition() {
    return partition;
  }

  void add(List<ConsumerRecord<byte[], byte[]>> records) {
    queue.addAll(records);
  }

  int backlog() {
    return queue.size();
  }

  /** Whether fetching is paused; used by the session's thread only. */
  boolean paused() {
    return paused;
  }

  void paused(boolean now) {
    paused = now;
  }

  Progress progress() {
    return progress;
  }

  /** Tells the lag: what the broker has beyond what was fetched, and what waits here. */
  void notFetched(long records) {
    lag.set(records + queue.size());
  }

  /** Ends after the record at hand; does not block. */
  void stop() {
    stop.give();
    queue.add(WAKE);
    metrics.remove(lagMeter);
  }

  /** Blocks until the work is over; what is not over by then is interrupted and left behind. */
  void awaitStopped(long deadlineNanos) {
    for (Thread thread : threads) {
      try {
        long left = Math.max(1, deadlineNanos - System.nanoTime());
        if (!thread.join(Duration.ofNanos(left))) {
          thread.interrupt();
        }
      } catch (InterruptedException e) {
        thread.interrupt();
        Thread.currentThread().interrupt();
      }
    }
  }

  private void run() {
    try {
      while (!stop.isGiven()) {
        ConsumerRecord<byte[], byte[]> record = queue.take();
        if (!stop.isGiven()) {
          take(record);
        }
      }
    } catch (InterruptedException e) {
      if (!stop.isGiven()) {
        broken.accept(e);
      }
    } catch (Throwable e) {
      broken.accept(e);
    }
  }

  private void take(ConsumerRecord<byte[], byte[]> record) throws InterruptedException {
    Decoded decoded = EventCodec.decode(record);
    if (decoded instanceof Decoded.Known(ReplayRequested request, _) && replay.concerns(request)) {
      replay(record, request);
    }
    handling.settle(record, decoded, false, stop);
    progress.done(record.offset());
  }

  private void replay(ConsumerRecord<byte[], byte[]> record, ReplayRequested request) {
    progress.hold(record.offset());
    start(
        "replay-" + partition + "-" + record.offset(),
        () -> {
          try {
            replay.run(record, request, stop);
            progress.release(record.offset());
          } catch (InterruptedException e) {
            // Stopped in the middle: the request stays uncommitted, and its next reader does it.
          } catch (Throwable e) {
            broken.accept(e);
          }
        });
  }

  private void start(String name, Runnable work) {
    threads.removeIf(thread -> thread.getState() == Thread.State.TERMINATED);
    threads.add(Thread.ofVirtual().name(name).start(work));
  }
}
