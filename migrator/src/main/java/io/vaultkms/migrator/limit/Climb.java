package io.vaultkms.migrator.limit;

import java.time.Duration;
import java.util.stream.IntStream;

/**
 * Finds how many requests at once an API server makes the most of, from what windows of time gave.
 * It begins low and doubles while that costs nothing; from then on it stays where it is, tries for
 * one window in a while what half or twice as many would give, and goes there when that has proved
 * better. It halves when the API server asks for mercy or becomes much slower. Not for several
 * threads.
 *
 * <p>One window says little: a machine that is shared may give twice as much in one as in the next.
 * So a trial is held against the windows just before and after it, and is weighed together with the
 * trials before it. In doubt more is better: etcd writes to the disk for many requests at once.
 */
final class Climb {
  /** Fewer answers than this say nothing. */
  static final int LEAST_ANSWERS = 20;

  /** It climbs on while twice as many at once give at least this much of what half of them did. */
  private static final double NO_LOSS = 0.75;

  /** It goes up when twice as many give more than this, and down when they give less than that. */
  private static final double WORTH = 1.03;

  private static final double NOT_WORTH = 1.01;

  /** So many times slower than usual is too slow. */
  private static final double SLOWER = 3.0;

  /** Windows until the first trial; twice as many until the next, up to the most. */
  private static final int FIRST_CALM = 2;

  private static final int LONGEST_CALM = 5;

  /** Windows until more is tried after the API server asked for less; twice as many next time. */
  private static final int FIRST_REST = 4;

  private static final int LONGEST_REST = 128;

  private final int[] rungs;
  private final Gains gains;
  private int base;
  private int at;
  private boolean climbing = true;
  private boolean steady;
  private boolean up;
  private int calm;
  private int nextTrial = FIRST_CALM;
  private int resting;
  private int nextRest = FIRST_REST;
  private double rateBefore;
  private double rateOfTrial;
  private double usualLatency = Double.POSITIVE_INFINITY;

  Climb(int start, int most) {
    this.rungs = rungs(start, most);
    this.gains = new Gains(rungs.length);
    this.base = highestUpTo(start);
    this.at = base;
  }

  private static int[] rungs(int start, int most) {
    IntStream below = IntStream.iterate(start, limit -> limit >= 1, limit -> limit / 2);
    IntStream above = IntStream.iterate(start, limit -> limit < most, limit -> limit * 2);
    return IntStream.concat(IntStream.concat(below, above), IntStream.of(most))
        .filter(limit -> limit <= most)
        .sorted()
        .distinct()
        .toArray();
  }

  private int highestUpTo(int limit) {
    int rung = 0;
    while (rung + 1 < rungs.length && rungs[rung + 1] <= limit) {
      rung++;
    }
    return rung;
  }

  int limit() {
    return rungs[at];
  }

  /** Whether it is on its way up. */
  boolean climbing() {
    return climbing;
  }

  /** A window has passed in which requests were under way at the limit. */
  void window(int answers, Duration length, Duration meanLatency) {
    if (answers < LEAST_ANSWERS) {
      return;
    }
    double rate = answers * 1e9 / length.toNanos();
    if (at != base) {
      rateOfTrial = rate;
      at = base;
    } else if (meanLatency.toNanos() > SLOWER * usualLatency) {
      ease();
    } else {
      usual(rate, meanLatency.toNanos());
    }
  }

  /** The API server asked for less. */
  void overloaded() {
    ease();
  }

  private void usual(double rate, double latency) {
    usualLatency =
        usualLatency == Double.POSITIVE_INFINITY ? latency : 0.8 * usualLatency + 0.2 * latency;
    double before = rateBefore;
    rateBefore = rate;
    if (steady) {
      gains.alike(before, rate);
    }
    steady = true;
    if (resting > 0) {
      rest();
    } else if (climbing) {
      climb(before, rate);
    } else {
      stay(before, rate);
    }
  }

  private void rest() {
    if (--resting == 0 && base < rungs.length - 1) {
      climbing = true;
      settleAt(base + 1);
    }
  }

  private void climb(double before, double rate) {
    climbing = base < rungs.length - 1 && rate >= NO_LOSS * before;
    if (climbing) {
      nextRest = FIRST_REST;
      settleAt(base + 1);
    } else if (rate < NO_LOSS * before) {
      settleAt(base - 1);
    }
  }

  private void stay(double before, double rate) {
    if (rateOfTrial > 0) {
      judge(up ? base + 1 : base - 1, Math.sqrt(before * rate));
      rateOfTrial = 0;
    }
    if (++calm >= nextTrial) {
      calm = 0;
      nextTrial = Math.min(2 * nextTrial, LONGEST_CALM);
      // Up and down in turn, where both are possible.
      up = base == 0 || base < rungs.length - 1 && !up;
      at = Math.min(up ? base + 1 : base - 1, rungs.length - 1);
    }
  }

  private void judge(int tried, double rate) {
    if (tried > base) {
      gains.trial(tried, rate, rateOfTrial);
      if (gains.of(tried) > WORTH) {
        settleAt(tried);
      }
    } else {
      gains.trial(base, rateOfTrial, rate);
      if (gains.of(base) < NOT_WORTH) {
        settleAt(tried);
      }
    }
  }

  private void settleAt(int rung) {
    base = rung;
    at = rung;
    steady = false;
    usualLatency = Double.POSITIVE_INFINITY;
  }

  /** Half of what was allowed last; the next attempt at more comes later each time. */
  private void ease() {
    climbing = false;
    rateOfTrial = 0;
    if (resting == 0) {
      resting = nextRest;
      nextRest = Math.min(2 * nextRest, LONGEST_REST);
    }
    settleAt(highestUpTo(rungs[Math.max(at, base)] / 2));
  }
}
