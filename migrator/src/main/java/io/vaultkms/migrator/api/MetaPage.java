package io.vaultkms.migrator.api;

import java.util.List;

/**
 * One page of a list.
 *
 * @param resourceVersion the list's own
 * @param continueToken where the next page begins; empty after the last
 * @param remaining how many objects come after this page, as far as the API server says; else 0
 */
public record MetaPage(
    List<Meta> items, String resourceVersion, String continueToken, long remaining) {
  public MetaPage {
    items = List.copyOf(items);
  }

  public boolean last() {
    return continueToken.isEmpty();
  }

  /** The list's resource version as a number. */
  public long version() {
    return Meta.version(resourceVersion);
  }
}
