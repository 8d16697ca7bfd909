package io.vaultkms.model.bundle;

import io.vaultkms.model.config.Mode;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * What every API server of a component is to have: for each resource who writes and who reads, and
 * the state of each key in it. Bundles are values: two are equal when no API server could tell them
 * apart.
 *
 * @param resources by name with group, such as {@code secrets}
 * @param keys every key that any resource uses
 */
public record Bundle(SortedMap<String, ResourceKeys> resources, SortedMap<Long, KeyContent> keys) {
  public static final Bundle EMPTY = new Bundle(new TreeMap<>(), new TreeMap<>());

  /**
   * A key as a bundle holds it.
   *
   * @param hash the handshake of its configuration and contents; empty for what others wrote
   */
  public record KeyContent(Mode mode, Optional<String> hash) {}

  public Bundle {
    resources = Collections.unmodifiableSortedMap(new TreeMap<>(resources));
    keys = Collections.unmodifiableSortedMap(new TreeMap<>(keys));
    for (ResourceKeys used : resources.values()) {
      if (!keys.keySet().containsAll(used.readKeys())) {
        throw new IllegalArgumentException(
            "a bundle without the content of keys " + used.readKeys());
      }
    }
  }

  /** The keys of a resource; plain when the bundle does not speak of it. */
  public ResourceKeys of(String resource) {
    return resources.getOrDefault(resource, ResourceKeys.PLAIN);
  }

  /** The same, with the key as a read key of all these resources. */
  public Bundle withReadKey(Set<String> names, long key, KeyContent content) {
    SortedMap<Long, KeyContent> more = new TreeMap<>(keys);
    more.put(key, content);
    return change(names, more, used -> used.withRead(key));
  }

  /** The same, with a key that can read already as the write key of all these resources. */
  public Bundle withWriteKey(Set<String> names, long key) {
    return change(names, keys, used -> used.withWrite(key));
  }

  /** The same, with another content of a key that is in it. */
  public Bundle withContent(long key, KeyContent content) {
    SortedMap<Long, KeyContent> changed = new TreeMap<>(keys);
    changed.replace(key, content);
    return new Bundle(resources, changed);
  }

  /** The same, without any key but these. */
  public Bundle keeping(SortedSet<Long> kept) {
    SortedMap<String, ResourceKeys> fewer = new TreeMap<>();
    resources.forEach((name, used) -> fewer.put(name, used.keeping(kept)));
    SortedMap<Long, KeyContent> left = new TreeMap<>(keys);
    left.keySet().retainAll(kept);
    return new Bundle(fewer, left);
  }

  /** The same, without that key. */
  public Bundle without(long key) {
    SortedSet<Long> kept = new TreeSet<>(keys.keySet());
    kept.remove(key);
    return keeping(kept);
  }

  /** The highest number that writes any resource; 0 while plain identity writes them all. */
  public long newestWriteKey() {
    return resources.values().stream().mapToLong(used -> used.writeKey().orElse(0)).max().orElse(0);
  }

  private Bundle change(
      Set<String> names, SortedMap<Long, KeyContent> contents, UnaryOperator<ResourceKeys> how) {
    SortedMap<String, ResourceKeys> changed = new TreeMap<>(resources);
    for (String name : new TreeSet<>(names)) {
      changed.put(name, how.apply(of(name)));
    }
    return new Bundle(changed, contents);
  }

  /**
   * What a bundle looks like on the cluster: the number that its API servers converge on, and it.
   *
   * @param rolledOut when it went out; empty when that is not known
   * @param highestKey the highest key number that was given away when it went out, also to keys
   *     that are gone since; 0 when that is not known
   */
  public record Revisioned(
      long revision, Bundle bundle, Optional<Instant> rolledOut, long highestKey) {
    public Revisioned(long revision, Bundle bundle) {
      this(revision, bundle, Optional.empty(), 0);
    }
  }
}
