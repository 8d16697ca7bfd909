package io.vaultkms.platform.log;

import java.util.OptionalLong;
import java.util.TreeSet;

/**
 * How far a partition is handled. Records come to their end in order, but one may hold the mark
 * back while work that it asked for goes on beside the others: a crash then brings it again.
 */
final class Progress {
  private final TreeSet<Long> held = new TreeSet<>();
  private long next = -1;
  private long committed = -1;

  /** The record at the offset, and all before it, have come to their end. */
  synchronized void done(long offset) {
    next = offset + 1;
  }

  synchronized void hold(long offset) {
    held.add(offset);
  }

  synchronized void release(long offset) {
    held.remove(offset);
  }

  /** The offset to go on from after a crash, if it is further than what was committed. */
  synchronized OptionalLong toCommit() {
    long mark = held.isEmpty() ? next : Math.min(next, held.first());
    return mark > committed ? OptionalLong.of(mark) : OptionalLong.empty();
  }

  synchronized void committed(long offset) {
    committed = Math.max(committed, offset);
  }
}
