package io.vaultkms.lab.apiserver.store;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** The versions of one key that are still remembered, newest first. Guarded by the store's lock. */
final class VersionChain {
  /** A null entry is a tombstone. */
  private record Version(long revision, @Nullable Entry entry) {}

  private final Deque<Version> versions = new ArrayDeque<>(2);

  void add(long revision, @Nullable Entry entry) {
    versions.addFirst(new Version(revision, entry));
  }

  @Nullable Entry latest() {
    Version newest = versions.peekFirst();
    return newest == null ? null : newest.entry();
  }

  @Nullable Entry at(long revision) {
    for (Version version : versions) {
      if (version.revision() <= revision) {
        return version.entry();
      }
    }
    return null;
  }

  /** Forgets what only reads before {@code oldest} would need; true if nothing is left to know. */
  boolean compact(long oldest) {
    Iterator<Version> older = versions.iterator();
    boolean reachable = true;
    while (older.hasNext()) {
      Version version = older.next();
      if (!reachable) {
        older.remove();
      } else if (version.revision() <= oldest) {
        reachable = false;
      }
    }
    return versions.size() == 1
        && versions.getFirst().entry() == null
        && versions.getFirst().revision() <= oldest;
  }
}
