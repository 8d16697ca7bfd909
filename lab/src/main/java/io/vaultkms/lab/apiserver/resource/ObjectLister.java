package io.vaultkms.lab.apiserver.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vaultkms.lab.apiserver.store.CompactedException;
import io.vaultkms.lab.apiserver.store.Entry;
import io.vaultkms.lab.apiserver.store.Page;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lists collections in pages that are pinned to one revision. */
public final class ObjectLister {
  private final ObjectStorage storage;

  public ObjectLister(ObjectRegistry registry) {
    this.storage = registry.storage();
  }

  public ObjectList list(ListQuery query) {
    Selection selection = query.selection();
    String prefix = selection.range().prefix();
    Position position = position(query, prefix);
    List<ObjectNode> items = new ArrayList<>();
    String from = position.from();
    long revision = position.revision();
    while (true) {
      Page page = range(selection, from, query.limit(), revision, prefix);
      revision = page.revision();
      Entry last = null;
      boolean more = page.remaining() > 0;
      for (Entry entry : page.entries()) {
        if (full(query, items)) {
          more = true;
          break;
        }
        last = entry;
        addIfSelected(selection, entry, items);
      }
      if (!more || last == null) {
        return new ObjectList(items, revision, null, null);
      }
      if (full(query, items)) {
        String start = last.key().substring(prefix.length());
        Long remaining = selection.isEverything() ? page.remaining() : null;
        String token = new ContinueToken(revision, start).encode();
        return new ObjectList(items, revision, token, remaining);
      }
      from = last.key() + '\0';
    }
  }

  private static boolean full(ListQuery query, List<ObjectNode> items) {
    return query.limit() > 0 && items.size() >= query.limit();
  }

  private void addIfSelected(Selection selection, Entry entry, List<ObjectNode> items) {
    if (selection.mayMatch(entry.key())) {
      ObjectNode object = storage.decode(selection.ref().type(), entry).object();
      if (selection.matches(object)) {
        items.add(object);
      }
    }
  }

  /** Where a page begins, and the revision it is read at (0 for now). */
  private record Position(String from, long revision) {}

  private Position position(ListQuery query, String prefix) {
    if (query.continueToken().isEmpty()) {
      return new Position("", revision(query));
    }
    if (!query.resourceVersion().isEmpty() && !query.resourceVersion().equals("0")) {
      throw ApiException.badRequest(
          "specifying resource version is not allowed when using continue");
    }
    ContinueToken token = ContinueToken.decode(query.continueToken());
    long revision = Math.max(token.revision(), 0);
    return new Position(prefix + token.start() + '\0', revision);
  }

  private long revision(ListQuery query) {
    long asked = parseRevision(query.resourceVersion());
    long present = storage.store().revision();
    if (asked > present) {
      throw new ApiException(
              504, "Timeout", "Too large resource version: " + asked + ", current: " + present)
          .retryAfter(1);
    }
    boolean exact = query.match().equals("Exact") || (query.match().isEmpty() && query.limit() > 0);
    return exact ? asked : 0;
  }

  static long parseRevision(@Nullable String text) {
    if (text == null || text.isEmpty()) {
      return 0;
    }
    try {
      long revision = Long.parseLong(text);
      if (revision >= 0) {
        return revision;
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw ApiException.badRequest("resourceVersion: Invalid value: \"" + text + "\"");
  }

  private Page range(Selection selection, String from, int limit, long revision, String prefix) {
    try {
      // A selector may drop most of a page, so that pages of one object are read as a few.
      int chunk = limit == 0 ? 0 : selection.isEverything() ? limit : Math.max(limit, 100);
      return storage.store().range(selection.range(), from, chunk, revision);
    } catch (CompactedException e) {
      if (from.isEmpty()) {
        throw ApiException.expired("The resourceVersion for the provided list is too old.");
      }
      String start = from.substring(prefix.length(), from.length() - 1);
      throw ApiException.expired(
              "The provided continue parameter is too old to display a consistent list result. You"
                  + " can start a new list without the continue parameter, or use the continue"
                  + " token in this response to retrieve the remainder of the results. Continuing"
                  + " with the provided token results in an inconsistent list - objects that were"
                  + " created, modified, or deleted between the time the first chunk was returned"
                  + " and now may show up in the list.")
          .continueWith(new ContinueToken(-1, start).encode());
    }
  }
}
