package io.vaultkms.deployer;

import java.util.SplittableRandom;

/**
 * Which deaths are died: all of them, or one in so many, the same ones for the same seed.
 *
 * @param every 1 for all
 */
public record Fate(long seed, int every) {
  /** Nobody escapes. */
  static final Fate ALL = new Fate(0, 1);

  /** As {@link #toString} writes it. */
  public static Fate parse(String text) {
    String[] parts = text.split("/");
    return new Fate(Long.parseLong(parts[0]), Integer.parseInt(parts[1]));
  }

  /** Whether that is died of. */
  boolean strikes(String what) {
    return new SplittableRandom(seed * 31 + what.hashCode()).nextInt(every) == 0;
  }

  @Override
  public String toString() {
    return seed + "/" + every;
  }
}
