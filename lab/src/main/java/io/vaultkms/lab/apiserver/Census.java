package io.vaultkms.lab.apiserver;

import io.vaultkms.lab.apiserver.envelope.Prefixes;
import io.vaultkms.lab.apiserver.resource.ResourceTypes;
import io.vaultkms.lab.apiserver.store.Entry;
import io.vaultkms.lab.apiserver.store.EtcdStore;
import io.vaultkms.lab.apiserver.store.KeyRange;
import java.util.Map;
import java.util.TreeMap;

/** Counts stored values by resource and by the provider they are stored with. */
public final class Census {
  private Census() {}

  /**
   * How many values of each resource lie under which prefix.
   *
   * @param types those that are told apart; all others are counted as one, {@code ?}
   */
  public static Map<String, Map<String, Long>> of(EtcdStore store, ResourceTypes types) {
    Map<String, Map<String, Long>> counts = new TreeMap<>();
    for (Entry entry : store.range(KeyRange.startingWith("/registry/"), "", 0, 0).entries()) {
      String resource = types.resourceOf(entry.key()).orElse("?");
      counts
          .computeIfAbsent(resource, key -> new TreeMap<>())
          .merge(Prefixes.of(entry.value()), 1L, Long::sum);
    }
    return counts;
  }
}
