package io.vaultkms.platform.work;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at a cluster whenever something wakes it, and every so often when nothing does. One virtual
 * thread looks; {@link #wake} never waits for it, and any number of calls during one look make one
 * more look. A look that fails is tried again with backoff.
 */
public final class LookLoop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LookLoop.class);
  private static final Backoff BACKOFF =
      new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30));

  private final String name;
  private final Duration most;
  private final Look look;
  private final Clock clock;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition woken = lock.newCondition();
  private boolean wake = true;
  private volatile boolean stopped;
  private volatile Instant progress;
  private volatile Optional<String> problem = Optional.of("has not looked yet");

  /** One look, and the act that follows from it. */
  @FunctionalInterface
  public interface Look {
    /**
     * @return when to look again at the latest, if nothing wakes the loop before
     * @throws Exception when the look failed; its message is what people are told
     */
    Duration look() throws Exception;
  }

  /**
   * @param name for logs and the thread
   * @param most the longest time between two looks
   */
  public LookLoop(String name, Duration most, Look look) {
    this(name, most, look, Clock.systemUTC());
  }

  LookLoop(String name, Duration most, Look look, Clock clock) {
    this.name = name;
    this.most = most;
    this.look = look;
    this.clock = clock;
    this.progress = clock.instant();
    this.thread = Thread.ofVirtual().name("look-" + name).unstarted(this::run);
  }

  public LookLoop start() {
    thread.start();
    return this;
  }

  /** Asks for a look as soon as the one under way has ended. From any thread. */
  public void wake() {
    lock.lock();
    try {
      wake = true;
      woken.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Why the last look failed; empty after a good one. */
  public Optional<String> problem() {
    return problem;
  }

  /**
   * A look that takes long calls this now and then while all is well, to be told from one that is
   * stuck, and from the one before it if that failed.
   */
  public void progress() {
    progress = clock.instant();
    problem = Optional.empty();
  }

  /** Why the loop counts as stuck: no look has ended, or made progress, for so long. */
  public Optional<String> stuck(Duration limit) {
    Duration silent = Duration.between(progress, clock.instant());
    return silent.compareTo(limit.plus(most)) > 0
        ? Optional.of("%s has made no progress for %d s".formatted(name, silent.toSeconds()))
        : Optional.empty();
  }

  private void run() {
    int failures = 0;
    while (!stopped) {
      Duration pause;
      try {
        pause = look.look();
        problem = Optional.empty();
        failures = 0;
      } catch (InterruptedException e) {
        return;
      } catch (Exception e) {
        if (stopped) {
          return;
        }
        failures++;
        pause = BACKOFF.after(failures);
        problem = Optional.of(String.valueOf(e.getMessage()));
        LOG.warn("{}: {}; next try in {} ms", name, e.getMessage(), pause.toMillis());
        LOG.debug("{}", name, e);
      }
      progress = clock.instant();
      if (!sleep(pause.compareTo(most) < 0 ? pause : most)) {
        return;
      }
    }
  }

  /** Waits until woken, at most so long; false when the loop is to end. */
  private boolean sleep(Duration pause) {
    lock.lock();
    try {
      long left = pause.toNanos();
      while (!wake && !stopped && left > 0) {
        left = woken.awaitNanos(left);
      }
      wake = false;
      return !stopped;
    } catch (InterruptedException e) {
      return false;
    } finally {
      lock.unlock();
    }
  }

  /** Interrupts the look under way and waits for it to end, at most 10 s. */
  @Override
  public void close() {
    stopped = true;
    if (thread.getState() == Thread.State.NEW) {
      return;
    }
    thread.interrupt();
    try {
      thread.join(Duration.ofSeconds(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
