package io.vaultkms.migrator.run;

import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * The resource versions that answered patches gave. One write has one resource version, so an
 * object that is still at one of them is still as the patch left it: stored under the key. A bit
 * for each revision of the store from the beginning of the walk on, in a fixed megabyte, exact;
 * what is outside the window is simply not known here, and patching it again does no harm. From any
 * thread.
 */
final class Confirmed {
  private static final int WORDS = 1 << 18;
  static final int WINDOW = WORDS * Integer.SIZE;

  private final long from;
  private final AtomicIntegerArray words = new AtomicIntegerArray(WORDS);

  /**
   * @param from the first resource version that can be remembered
   */
  Confirmed(long from) {
    this.from = from;
  }

  void add(long version) {
    long bit = version - from;
    if (bit >= 0 && bit < WINDOW) {
      int mask = 1 << (bit % Integer.SIZE);
      words.getAndUpdate((int) (bit / Integer.SIZE), word -> word | mask);
    }
  }

  boolean contains(long version) {
    long bit = version - from;
    return bit >= 0
        && bit < WINDOW
        && (words.get((int) (bit / Integer.SIZE)) & 1 << (bit % Integer.SIZE)) != 0;
  }
}
