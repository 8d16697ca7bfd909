package io.vaultkms.model.decision;

import java.util.Collections;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What is there without anybody having noted what is in it, and what is gone and can be made anew.
 * Only who may read the Secrets' contents knows all of it; to the others a loss is an obstacle that
 * somebody else may know how to clear.
 *
 * @param foreignBundle whether there is a newest bundle that others wrote
 * @param newestCopy the highest revision that has a copy in the component's own namespace; empty
 *     when none has, or when the newest bundle is there
 * @param copyLost whether the newest bundle has no copy there
 * @param keys the keys of the newest bundle that have no Secret and of which the bundle holds all
 */
public record Salvage(
    boolean foreignBundle, OptionalLong newestCopy, boolean copyLost, SortedSet<Long> keys) {
  public static final Salvage NOTHING =
      new Salvage(false, OptionalLong.empty(), false, new TreeSet<>());

  /** All that can be known without reading any contents. */
  public static Salvage foreign(boolean foreignBundle) {
    return new Salvage(foreignBundle, OptionalLong.empty(), false, new TreeSet<>());
  }

  public Salvage {
    keys = Collections.unmodifiableSortedSet(new TreeSet<>(keys));
  }
}
