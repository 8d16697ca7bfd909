package io.vaultkms.lab.kubelet;

import java.time.Duration;

/**
 * How long to wait before a container that ended is started again: doubling from first to longest,
 * and from first again after it was up for long enough.
 */
record Backoff(Duration first, Duration longest, Duration reset) {
  static final Backoff LAB =
      new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10), Duration.ofSeconds(30));

  /**
   * @param last the last wait, zero if there was none
   */
  Duration next(Duration last, Duration uptime) {
    if (last.isZero() || uptime.compareTo(reset) >= 0) {
      return first;
    }
    Duration doubled = last.multipliedBy(2);
    return doubled.compareTo(longest) > 0 ? longest : doubled;
  }
}
