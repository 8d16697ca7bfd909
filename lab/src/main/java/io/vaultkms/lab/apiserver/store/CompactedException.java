package io.vaultkms.lab.apiserver.store;

/** The revision asked for is older than what the store remembers. */
public final class CompactedException extends RuntimeException {
  private final long oldest;

  CompactedException(long asked, long oldest) {
    super("revision " + asked + " is gone, the oldest one left is " + oldest);
    this.oldest = oldest;
  }

  /** The oldest revision that can still be read. */
  public long oldest() {
    return oldest;
  }
}
