package io.vaultkms.model.decision;

import java.util.Collections;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What is there without anybody having noted what is in it, and what is gone and can be made anew.
 * Only who may read the Secrets' contents knows all of it; to the others a loss is an obstacle that
 * somebody else may know how to clear.
 *
 * @param foreignBundle whether there is a newest bundle that others wrote
 * @param refusal why what others wrote cannot be taken over, in words, as whoever tried says; empty
 *     when nobody has said so
 * @param newestCopy the highest revision that has a copy in the component's own namespace; empty
 *     when none has, or when the newest bundle is there
 * @param copyLost whether the newest bundle has no copy there
 * @param keys the keys of the newest bundle that have no Secret and of which the bundle holds all
 */
public record Salvage(
    boolean foreignBundle,
    Optional<String> refusal,
    OptionalLong newestCopy,
    boolean copyLost,
    SortedSet<Long> keys) {
  public static final Salvage NOTHING = foreign(false, Optional.empty());

  /** All that can be known without reading any contents. */
  public static Salvage foreign(boolean foreignBundle, Optional<String> refusal) {
    return new Salvage(foreignBundle, refusal, OptionalLong.empty(), false, new TreeSet<>());
  }

  /** What is known to whoever may read the contents, and so need not be told of a refusal. */
  public Salvage(
      boolean foreignBundle, OptionalLong newestCopy, boolean copyLost, SortedSet<Long> keys) {
    this(foreignBundle, Optional.empty(), newestCopy, copyLost, keys);
  }

  public Salvage {
    keys = Collections.unmodifiableSortedSet(new TreeSet<>(keys));
  }
}
