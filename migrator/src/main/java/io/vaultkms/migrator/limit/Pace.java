package io.vaultkms.migrator.limit;

/**
 * Spreads starts evenly over each second, and holds all of them for as long as the API server asks.
 * Not for several threads.
 */
final class Pace {
  private static final long SECOND = 1_000_000_000L;

  /** A start that comes late may be made up for by this much. */
  private static final long CATCH_UP = SECOND / 10;

  private final long interval;
  private long next;
  private long heldUntil;

  /**
   * @param perSecond 0 for any number
   */
  Pace(int perSecond, long now) {
    this.interval = perSecond == 0 ? 0 : SECOND / perSecond;
    this.next = now;
    this.heldUntil = now;
  }

  /** How many nanoseconds the next start has to wait; 0 or less for none. */
  long delay(long now) {
    return Math.max(heldUntil - now, interval == 0 ? 0 : next - now);
  }

  void started(long now) {
    next = Math.max(next, now - CATCH_UP) + interval;
  }

  void hold(long until) {
    if (until - heldUntil > 0) {
      heldUntil = until;
    }
  }
}
