package io.vaultkms.migrator.limit;

import java.time.Duration;

/**
 * Finds how many requests at once an API server makes the most of, from what a window of time gave.
 * It doubles while that pays, goes back to the best it knew when it does not, tries again after a
 * while, and halves when the API server asks for mercy or becomes much slower. Not for several
 * threads.
 */
final class Climb {
  /** Fewer answers than this say nothing. */
  private static final int LEAST_ANSWERS = 20;

  /** Twice as many requests at once must give this much more, or they are not worth it. */
  private static final double WORTH = 1.02;

  /** So many times slower than when the limit was found good is too slow. */
  private static final double SLOWER = 3.0;

  /** Windows until a limit that was found too high is tried again. */
  private static final int PATIENCE = 4;

  private final int most;
  private int limit;
  private int good;
  private double goodRate;
  private double goodLatency = Double.POSITIVE_INFINITY;
  private boolean trying = true;
  private int resting;

  Climb(int start, int most) {
    this.most = most;
    this.limit = Math.min(start, most);
    this.good = limit;
  }

  int limit() {
    return limit;
  }

  /** A window has passed in which requests were under way at the limit all the time. */
  void window(int answers, Duration length, Duration meanLatency) {
    if (answers < LEAST_ANSWERS) {
      return;
    }
    double rate = answers * 1e9 / length.toNanos();
    double latency = meanLatency.toNanos();
    if (trying) {
      judge(rate, latency);
    } else if (latency > SLOWER * goodLatency) {
      halve();
    } else {
      rest(rate, latency);
    }
  }

  /** The API server asked for less. */
  void overloaded() {
    halve();
  }

  private void judge(double rate, double latency) {
    if (rate >= goodRate * WORTH) {
      keep(rate, latency);
      tryMore();
    } else {
      limit = good;
      trying = false;
      resting = PATIENCE;
    }
  }

  private void keep(double rate, double latency) {
    good = limit;
    goodRate = rate;
    goodLatency = latency;
  }

  private void tryMore() {
    trying = limit < most;
    resting = PATIENCE;
    limit = Math.min(limit * 2, most);
  }

  /** What is normal drifts with the API server's other work. */
  private void rest(double rate, double latency) {
    goodRate = 0.8 * goodRate + 0.2 * rate;
    goodLatency = 0.8 * goodLatency + 0.2 * latency;
    if (--resting <= 0) {
      keep(goodRate, goodLatency);
      tryMore();
    }
  }

  private void halve() {
    limit = Math.max(1, limit / 2);
    good = limit;
    goodRate = 0;
    goodLatency = Double.POSITIVE_INFINITY;
    trying = false;
    resting = PATIENCE;
  }
}
