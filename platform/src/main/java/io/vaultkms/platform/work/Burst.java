package io.vaultkms.platform.work;

import java.time.Duration;

/**
 * Makes one look of many wakes that come close together: {@link #awaitEnd} returns once no wake has
 * come for a quiet time, and after a longest time whatever comes, so that the last state counts and
 * a stream of wakes holds nothing up. From any thread.
 */
public final class Burst {
  private final long quiet;
  private final long longest;
  private volatile long last;

  /**
   * @param quiet how long no wake must have come
   * @param longest how long to wait for that at most
   */
  public Burst(Duration quiet, Duration longest) {
    this.quiet = quiet.toNanos();
    this.longest = longest.toNanos();
    this.last = System.nanoTime() - this.quiet;
  }

  /** Something woke the looker. */
  public void begin() {
    last = System.nanoTime();
  }

  /** Waits for the end of the burst; not at all when there is none. */
  public void awaitEnd() throws InterruptedException {
    long began = System.nanoTime();
    long left = quiet - (began - last);
    while (left > 0 && System.nanoTime() - began < longest) {
      Thread.sleep(Duration.ofNanos(Math.min(left, longest)));
      left = quiet - (System.nanoTime() - last);
    }
  }
}
