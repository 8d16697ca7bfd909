package io.vaultkms.migrator.limit;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * How many requests may be under way. {@link #acquire} waits for a place, which holds back whoever
 * finds the objects: so memory stays flat however many there are. From any virtual thread.
 */
public final class AdaptiveLimit {
  private static final int START = 8;
  private static final long WINDOW = TimeUnit.MILLISECONDS.toNanos(500);

  /** A window with fewer answers goes on for a while: few say little. */
  private static final int ENOUGH_ANSWERS = 250;

  /** Longer only as long as there are so few that they say nothing. */
  private static final long LONGEST_WINDOW = 4 * WINDOW;

  /** On the way up so many times shorter, with as many fewer answers. */
  private static final int HASTE = 2;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final LongSupplier nanos;
  private final Climb climb;
  private final Pace pace;
  private int inFlight;
  private long windowStart;
  private int answers;
  private long latencies;
  private boolean full;
  private boolean eased;

  /**
   * @param most never more than this at once
   * @param perSecond never more than this a second; 0 for any number
   */
  public AdaptiveLimit(int most, int perSecond) {
    this(most, perSecond, System::nanoTime);
  }

  AdaptiveLimit(int most, int perSecond, LongSupplier nanos) {
    this.nanos = nanos;
    this.climb = new Climb(START, most);
    this.pace = new Pace(perSecond, nanos.getAsLong());
    this.windowStart = nanos.getAsLong();
  }

  /** Waits until one more may begin. */
  public void acquire() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (true) {
        long now = nanos.getAsLong();
        long wait = pace.delay(now);
        if (inFlight < climb.limit() && wait <= 0) {
          pace.started(now);
          inFlight++;
          full |= inFlight >= climb.limit();
          return;
        }
        if (inFlight < climb.limit()) {
          changed.awaitNanos(wait);
        } else {
          full = true;
          changed.await();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** What was begun has ended, however. */
  public void release() {
    lock.lock();
    try {
      inFlight--;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The API server has answered one request, after so long. */
  public void answered(Duration latency) {
    lock.lock();
    try {
      answers++;
      latencies += latency.toNanos();
      long now = nanos.getAsLong();
      long length = now - windowStart;
      int haste = climb.climbing() ? HASTE : 1;
      if (length >= WINDOW / haste
          && (answers >= ENOUGH_ANSWERS / haste
              || answers >= Climb.LEAST_ANSWERS && length >= LONGEST_WINDOW / haste)) {
        endWindow(now);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * The API server asks for less, and perhaps to be left alone for a while. Those that were under
   * way together are refused together: that counts once.
   */
  public void overloaded(Optional<Duration> retryAfter) {
    lock.lock();
    try {
      long now = nanos.getAsLong();
      if (now - windowStart >= WINDOW) {
        beginWindow(now);
      }
      if (!eased) {
        climb.overloaded();
        beginWindow(now);
        eased = true;
      }
      retryAfter.ifPresent(pause -> pace.hold(now + pause.toNanos()));
    } finally {
      lock.unlock();
    }
  }

  /** A window in which there was not enough to do says nothing about the API server. */
  private void endWindow(long now) {
    if (full) {
      climb.window(
          answers, Duration.ofNanos(now - windowStart), Duration.ofNanos(latencies / answers));
    }
    beginWindow(now);
    changed.signalAll();
  }

  private void beginWindow(long now) {
    windowStart = now;
    answers = 0;
    latencies = 0;
    full = inFlight >= climb.limit();
    eased = false;
  }

  /** How many may be under way now. */
  public int limit() {
    lock.lock();
    try {
      return climb.limit();
    } finally {
      lock.unlock();
    }
  }

  /** How many are. */
  public int inFlight() {
    lock.lock();
    try {
      return inFlight;
    } finally {
      lock.unlock();
    }
  }
}
