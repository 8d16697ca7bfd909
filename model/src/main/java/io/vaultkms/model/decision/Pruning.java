package io.vaultkms.model.decision;

import io.vaultkms.model.key.EncryptionKey;
import java.util.Comparator;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Which key Secrets may go: none in use, and none of the newest migrated ones, kept for backups.
 */
final class Pruning {
  private static final int KEPT_MIGRATED_KEYS = 10;

  private Pruning() {}

  static SortedSet<Long> prunable(Observation seen) {
    return seen.keys().stream()
        .filter(key -> !seen.currentBundle().keys().containsKey(key.id()))
        .filter(key -> key.migratedAll(seen.component().resources()))
        .map(EncryptionKey::id)
        .sorted(Comparator.reverseOrder())
        .skip(KEPT_MIGRATED_KEYS)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
