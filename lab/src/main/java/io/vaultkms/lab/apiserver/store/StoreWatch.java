package io.vaultkms.lab.apiserver.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The changes of one range of keys, in order, for one reader. A reader that falls {@value
 * #CAPACITY} changes behind is cut off, as a slow watcher of a real API server is.
 */
public final class StoreWatch implements AutoCloseable {
  private static final int CAPACITY = 100_000;

  private final EtcdStore store;
  private final KeyRange range;
  private final LinkedBlockingQueue<Change> queue = new LinkedBlockingQueue<>(CAPACITY);
  private volatile boolean ended;

  StoreWatch(EtcdStore store, KeyRange range) {
    this.store = store;
    this.range = range;
  }

  /** Called with the store's lock held, so that changes arrive in order. */
  void offer(Change change) {
    if (!ended && range.contains(change.key()) && !queue.offer(change)) {
      close();
    }
  }

  boolean pending() {
    return !queue.isEmpty();
  }

  /**
   * Waits for changes; an empty list if none came in time or the watch has ended.
   *
   * @throws InterruptedException if the reader is to stop
   */
  public List<Change> poll(Duration wait) throws InterruptedException {
    List<Change> changes = new ArrayList<>();
    Change first = queue.poll(wait.toMillis(), TimeUnit.MILLISECONDS);
    if (first != null) {
      changes.add(first);
      queue.drainTo(changes, 499);
    }
    return changes;
  }

  /** A revision up to which the reader has seen everything, or empty if changes are waiting. */
  public OptionalLong idleRevision() {
    return store.revisionIfIdle(this);
  }

  /** True once the watch was closed or its reader fell too far behind. */
  public boolean ended() {
    return ended;
  }

  @Override
  public void close() {
    ended = true;
    store.forget(this);
  }
}
