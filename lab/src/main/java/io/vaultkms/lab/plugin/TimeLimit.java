package io.vaultkms.lab.plugin;

import java.time.Duration;

/** A moment by which something has to be done, on the clock that never jumps. */
record TimeLimit(long nanoTime) {

  static TimeLimit in(Duration time) {
    return new TimeLimit(System.nanoTime() + time.toNanos());
  }

  /** At least 1, since 0 stands for no limit in sockets. */
  int remainingMillis() {
    long millis = (nanoTime - System.nanoTime()) / 1_000_000;
    return Math.clamp(millis, 1, Integer.MAX_VALUE);
  }
}
