package io.vaultkms.lab.apiserver.resource;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vaultkms.lab.apiserver.store.Change;
import io.vaultkms.lab.apiserver.store.CompactedException;
import io.vaultkms.lab.apiserver.store.Entry;
import io.vaultkms.lab.apiserver.store.StoreWatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A watch of a selection of objects; for one reader. */
public final class ObjectWatch implements AutoCloseable {
  private final ObjectStorage storage;
  private final Selection selection;
  private final List<WatchEvent> initial = new ArrayList<>();
  private final StoreWatch changes;
  private long told;

  /**
   * Opens a watch.
   *
   * @param resourceVersion what the reader knows already; empty or 0 to be told of every object
   *     that exists first
   * @param initialEvents tells what exists first in any case, and then sends a bookmark that says
   *     so
   * @throws ApiException 410 if the resourceVersion is too old
   */
  public ObjectWatch(
      ObjectRegistry registry, Selection selection, String resourceVersion, boolean initialEvents) {
    this.storage = registry.storage();
    this.selection = selection;
    long after = ObjectLister.parseRevision(resourceVersion);
    if (after == 0 || initialEvents) {
      var everything = new ListQuery(selection, 0, "", "", "");
      ObjectList present = new ObjectLister(registry).list(everything);
      present.items().forEach(item -> initial.add(new WatchEvent("ADDED", item)));
      after = present.resourceVersion();
      if (initialEvents) {
        initial.add(new WatchEvent("BOOKMARK", bookmark(after, true)));
      }
    }
    try {
      this.told = after;
      this.changes = storage.store().watch(selection.range(), after);
    } catch (CompactedException e) {
      throw ApiException.expired("too old resource version: %d (%d)".formatted(after, e.oldest()));
    }
  }

  /** Waits for events; none if nothing happened in time. */
  public List<WatchEvent> next(Duration wait) throws InterruptedException {
    if (!initial.isEmpty()) {
      List<WatchEvent> first = List.copyOf(initial);
      initial.clear();
      return first;
    }
    List<WatchEvent> events = new ArrayList<>();
    for (Change change : changes.poll(wait)) {
      told = change.revision();
      if (selection.mayMatch(change.key())) {
        WatchEvent event = event(change);
        if (event != null) {
          events.add(event);
        }
      }
    }
    return events;
  }

  /** What a change means to somebody who sees only the selection; null if nothing. */
  private @Nullable WatchEvent event(Change change) {
    ObjectNode after = selected(change.after());
    // Whether the object was in the selection before matters only where it can leave it.
    Entry past = change.before();
    boolean decides = after == null || !selection.isEverything();
    ObjectNode before = past != null && decides ? selected(past) : null;
    boolean known = decides ? before != null : past != null;
    if (after != null) {
      return new WatchEvent(known ? "MODIFIED" : "ADDED", after);
    }
    if (before == null) {
      return null;
    }
    ObjectStorage.stamp(before, change.revision());
    return new WatchEvent("DELETED", before);
  }

  private @Nullable ObjectNode selected(@Nullable Entry entry) {
    if (entry == null) {
      return null;
    }
    ObjectNode object = storage.decode(selection.ref().type(), entry).object();
    return selection.matches(object) ? object : null;
  }

  /** A bookmark of where the reader is, unless events are waiting or it knows that already. */
  public Optional<WatchEvent> bookmark() {
    long revision = changes.idleRevision().orElse(0);
    if (revision <= told) {
      return Optional.empty();
    }
    told = revision;
    return Optional.of(new WatchEvent("BOOKMARK", bookmark(revision, false)));
  }

  private ObjectNode bookmark(long revision, boolean endsInitial) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    object.put("kind", selection.ref().type().kind());
    object.put("apiVersion", selection.ref().type().apiVersion());
    ObjectStorage.stamp(object, revision);
    if (endsInitial) {
      Metadata.of(object).node().putObject("annotations").put("k8s.io/initial-events-end", "true");
    }
    return object;
  }

  /** True if the reader was cut off for being too slow. */
  public boolean ended() {
    return changes.ended();
  }

  @Override
  public void close() {
    changes.close();
  }
}
