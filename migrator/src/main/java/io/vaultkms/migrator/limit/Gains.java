package io.vaultkms.migrator.limit;

import java.util.Arrays;

/**
 * What twice as many requests at once give, as far as trials have shown, for each rung of a ladder
 * of limits. A trial counts for more the less one window differs from the next. Not for several
 * threads.
 */
final class Gains {
  /** What is taken to be so before any trial, and how sure that is; logarithms of ratios. */
  private static final double EXPECTED = Math.log(1.1);

  private static final double EXPECTED_WITHIN = 0.06;

  /** What is known is never known better than this: an API server's other work changes. */
  private static final double KNOWN_WITHIN = 0.05;

  /** What one trial can be off by even when all windows are alike, and the most that it can say. */
  private static final double TRIAL_WITHIN = 0.02;

  private static final double MOST_SAID = 0.5;

  /** How much windows differ is taken to be this before any were seen. */
  private static final double FIRST_SPREAD = 0.15;

  private static final double NEWEST = 0.2;

  private final double[] gains;
  private final double[] certainties;
  private double variance = FIRST_SPREAD * FIRST_SPREAD;

  Gains(int rungs) {
    gains = new double[rungs];
    certainties = new double[rungs];
    Arrays.fill(gains, EXPECTED);
    Arrays.fill(certainties, certainty(EXPECTED_WITHIN));
  }

  private static double certainty(double within) {
    return 1 / (within * within);
  }

  /** Two windows with the same limit, one after the other, gave these rates. */
  void alike(double before, double after) {
    double difference = said(before, after);
    variance = (1 - NEWEST) * variance + NEWEST * difference * difference / 2;
  }

  /** A window at a rung gave one rate, those around it at the rung below the other. */
  void trial(int rung, double below, double here) {
    double trust = 1 / (1.5 * variance + TRIAL_WITHIN * TRIAL_WITHIN);
    gains[rung] += (said(below, here) - gains[rung]) * trust / (trust + certainties[rung]);
    certainties[rung] = Math.min(certainties[rung] + trust, certainty(KNOWN_WITHIN));
  }

  private static double said(double before, double after) {
    return Math.clamp(Math.log(after / before), -MOST_SAID, MOST_SAID);
  }

  /** How many times as much a rung gives as the one below. */
  double of(int rung) {
    return Math.exp(gains[rung]);
  }
}
