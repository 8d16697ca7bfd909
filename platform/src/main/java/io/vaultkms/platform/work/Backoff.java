package io.vaultkms.platform.work;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long to wait before the next try: doubling from the first wait to the longest, each shortened
 * at random by up to a half, so that those who failed together do not come back together.
 */
public record Backoff(Duration first, Duration longest) {
  /** The wait after so many failures in a row, 1 or more. */
  public Duration after(int failures) {
    int doublings = Math.min(Math.max(failures, 1) - 1, 30);
    long full = Math.min(first.toMillis() << Math.min(doublings, 30), longest.toMillis());
    return Duration.ofMillis(full - ThreadLocalRandom.current().nextLong(full / 2 + 1));
  }
}
