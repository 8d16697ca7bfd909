package io.vaultkms.lab.apiserver.store;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The store that all API servers of a lab share, in memory: bytes by key, one revision counter,
 * transactions on a key's revision, reads of a past revision and watches, as far back as the
 * history goes. Safe for any thread; no call blocks for longer than a look-up takes.
 */
public final class EtcdStore {
  /** How many changes are remembered unless told otherwise. */
  public static final int DEFAULT_HISTORY = 50_000;

  private final int historyLimit;
  private final ReentrantLock lock = new ReentrantLock();
  private final TreeMap<String, VersionChain> keys = new TreeMap<>();
  private final ArrayDeque<Change> history = new ArrayDeque<>();
  private final List<StoreWatch> watches = new CopyOnWriteArrayList<>();
  private long revision = 1;
  private long compacted;

  public EtcdStore() {
    this(DEFAULT_HISTORY);
  }

  /**
   * @param historyLimit how many changes are remembered for reads of the past and for watches
   */
  public EtcdStore(int historyLimit) {
    if (historyLimit < 1) {
      throw new IllegalArgumentException("historyLimit is " + historyLimit + ", at least 1");
    }
    this.historyLimit = historyLimit;
  }

  /** The revision of the last change. */
  public long revision() {
    lock.lock();
    try {
      return revision;
    } finally {
      lock.unlock();
    }
  }

  public @Nullable Entry get(String key) {
    lock.lock();
    try {
      VersionChain chain = keys.get(key);
      return chain == null ? null : chain.latest();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Reads the keys of a range in order.
   *
   * @param from the first key wanted, or empty for the start of the range
   * @param limit how many at most, 0 for all
   * @param at the revision to read at, 0 for now
   * @throws CompactedException if that revision is no longer remembered
   */
  public Page range(KeyRange range, String from, int limit, long at) {
    lock.lock();
    try {
      long seen = at == 0 ? revision : at;
      if (seen < compacted) {
        throw new CompactedException(seen, compacted);
      }
      List<Entry> entries = new ArrayList<>();
      long remaining = 0;
      for (Map.Entry<String, VersionChain> each : tail(range, from).entrySet()) {
        if (!range.contains(each.getKey())) {
          break;
        }
        Entry entry = at == 0 ? each.getValue().latest() : each.getValue().at(seen);
        if (entry == null) {
          continue;
        }
        if (limit == 0 || entries.size() < limit) {
          entries.add(entry);
        } else {
          remaining++;
        }
      }
      return new Page(entries, seen, remaining);
    } finally {
      lock.unlock();
    }
  }

  private SortedMap<String, VersionChain> tail(KeyRange range, String from) {
    return keys.tailMap(from.compareTo(range.prefix()) > 0 ? from : range.prefix());
  }

  /**
   * Writes a key if its revision is the expected one.
   *
   * @param expected the key's last revision as the caller knows it, 0 if there is to be none
   * @return the new revision, or empty if somebody else wrote in between
   */
  public OptionalLong put(String key, byte[] value, long expected) {
    return change(key, value, expected);
  }

  /** Removes a key if its revision is the expected one; returns as {@link #put}. */
  public OptionalLong delete(String key, long expected) {
    return change(key, null, expected);
  }

  private OptionalLong change(String key, byte @Nullable [] value, long expected) {
    lock.lock();
    try {
      VersionChain chain = keys.get(key);
      Entry before = chain == null ? null : chain.latest();
      if ((before == null ? 0 : before.modRevision()) != expected) {
        return OptionalLong.empty();
      }
      long made = ++revision;
      long created = before == null ? made : before.createRevision();
      Entry after = value == null ? null : new Entry(key, value, created, made);
      if (chain == null) {
        chain = new VersionChain();
        keys.put(key, chain);
      }
      chain.add(made, after);
      remember(new Change(made, key, before, after));
      return OptionalLong.of(made);
    } finally {
      lock.unlock();
    }
  }

  private void remember(Change change) {
    history.addLast(change);
    for (StoreWatch watch : watches) {
      watch.offer(change);
    }
    while (history.size() > historyLimit) {
      forgetOldest();
    }
  }

  private void forgetOldest() {
    Change oldest = history.removeFirst();
    compacted = oldest.revision();
    VersionChain chain = keys.get(oldest.key());
    if (chain != null && chain.compact(compacted)) {
      keys.remove(oldest.key());
    }
  }

  /**
   * Forgets the past: reads of any revision known so far, and watches from there, fail from here
   * on.
   */
  public void compact() {
    lock.lock();
    try {
      revision++;
      while (!history.isEmpty()) {
        forgetOldest();
      }
      compacted = revision;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Tells every change of a range after a revision, past ones first.
   *
   * @throws CompactedException if changes after that revision are no longer remembered
   */
  public StoreWatch watch(KeyRange range, long after) {
    lock.lock();
    try {
      if (after < compacted) {
        throw new CompactedException(after, compacted);
      }
      StoreWatch watch = new StoreWatch(this, range);
      changesAfter(after).forEach(watch::offer);
      watches.add(watch);
      return watch;
    } finally {
      lock.unlock();
    }
  }

  private List<Change> changesAfter(long after) {
    List<Change> newer = new ArrayList<>();
    Iterator<Change> newestFirst = history.descendingIterator();
    while (newestFirst.hasNext()) {
      Change change = newestFirst.next();
      if (change.revision() <= after) {
        break;
      }
      newer.add(change);
    }
    Collections.reverse(newer);
    return newer;
  }

  /** The present revision if the watch has been told everything up to it. */
  OptionalLong revisionIfIdle(StoreWatch watch) {
    lock.lock();
    try {
      return watch.pending() ? OptionalLong.empty() : OptionalLong.of(revision);
    } finally {
      lock.unlock();
    }
  }

  void forget(StoreWatch watch) {
    watches.remove(watch);
  }
}
