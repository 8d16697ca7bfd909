package io.vaultkms.model.bundle;

import java.util.Collections;
import java.util.Comparator;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The keys of one resource.
 *
 * @param writeKey the key that writes; empty while plain identity does, without a key of its own
 * @param readKeys every key that can read, the write key included, newest first
 */
public record ResourceKeys(OptionalLong writeKey, SortedSet<Long> readKeys) {
  /** Plaintext, and no key at all. */
  public static final ResourceKeys PLAIN = new ResourceKeys(OptionalLong.empty(), new TreeSet<>());

  public ResourceKeys {
    SortedSet<Long> newestFirst = new TreeSet<>(Comparator.<Long>reverseOrder());
    newestFirst.addAll(readKeys);
    if (writeKey.isPresent() && !newestFirst.contains(writeKey.getAsLong())) {
      throw new IllegalArgumentException("write key " + writeKey.getAsLong() + " cannot read");
    }
    readKeys = Collections.unmodifiableSortedSet(newestFirst);
  }

  public boolean reads(long key) {
    return readKeys.contains(key);
  }

  public boolean writes(long key) {
    return writeKey.isPresent() && writeKey.getAsLong() == key;
  }

  ResourceKeys withRead(long key) {
    SortedSet<Long> more = new TreeSet<>(readKeys);
    more.add(key);
    return new ResourceKeys(writeKey, more);
  }

  ResourceKeys withWrite(long key) {
    return new ResourceKeys(OptionalLong.of(key), readKeys);
  }

  ResourceKeys keeping(SortedSet<Long> keys) {
    SortedSet<Long> kept = new TreeSet<>(readKeys);
    kept.retainAll(keys);
    return new ResourceKeys(writeKey, kept);
  }
}
