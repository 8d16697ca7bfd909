package io.vaultkms.migrator.run;

import io.vaultkms.model.decision.Observation;
import io.vaultkms.platform.work.Backoff;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Watches whether the situation that a run rests on lasts, and stops the run when it does not, when
 * it cannot be seen any more, or when the work is another replica's now.
 */
final class Guard implements AutoCloseable {
  private static final Duration BLIND = Duration.ofSeconds(20);
  private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(2));

  private final Sight sight;
  private final Observation first;
  private final Situation situation;
  private final Stop stop;
  private final Duration interval;
  private final BooleanSupplier elsewhere;
  private final Thread thread;
  private long lastSeen = System.nanoTime();

  Guard(
      Sight sight,
      Observation first,
      Situation situation,
      Stop stop,
      Duration interval,
      BooleanSupplier elsewhere) {
    this.sight = sight;
    this.first = first;
    this.situation = situation;
    this.stop = stop;
    this.interval = interval;
    this.elsewhere = elsewhere;
    this.thread = Thread.ofVirtual().name("guard").unstarted(this::watch);
  }

  Guard start() {
    thread.start();
    return this;
  }

  /**
   * Looks now, and again while the cluster does not answer, which ends the run after a while. What
   * was done up to here was done in the situation if this returns.
   */
  void confirm() throws InterruptedException, Stopped {
    for (int failures = 1; ; failures++) {
      try {
        confirmOnce();
        return;
      } catch (IOException e) {
        Thread.sleep(BACKOFF.after(failures));
      }
    }
  }

  private void confirmOnce() throws IOException, InterruptedException, Stopped {
    stop.check();
    Optional<String> over = situation.over(look());
    if (over.isPresent()) {
      stop.because(over.get());
    }
    stop.check();
  }

  private void watch() {
    try {
      while (true) {
        Thread.sleep(interval);
        glance();
      }
    } catch (InterruptedException | Stopped e) {
      // The run has ended, or is told to.
    }
  }

  private void glance() throws InterruptedException, Stopped {
    if (elsewhere.getAsBoolean()) {
      stop.because("another replica does the work now");
    }
    try {
      confirmOnce();
      lastSeen = System.nanoTime();
    } catch (IOException e) {
      if (System.nanoTime() - lastSeen > BLIND.toNanos()) {
        stop.because("the cluster cannot be observed: " + e.getMessage());
      }
    }
  }

  private Observation look() throws IOException, InterruptedException {
    try {
      return sight.again(first);
    } catch (RuntimeException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
