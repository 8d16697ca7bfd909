package io.vaultkms.platform.log;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Pauses between attempts: each twice the one before up to a longest, and half of each by chance so
 * that not everyone comes back at the same moment.
 */
record Backoff(Duration first, Duration longest) {
  Duration pause(int failures) {
    long doubled = first.toMillis() << Math.min(Math.max(failures - 1, 0), 20);
    long millis = Math.min(longest.toMillis(), doubled);
    return Duration.ofMillis(millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1));
  }
}
