package io.vaultkms.migrator.run;

import java.util.List;

/**
 * Why a resource could not be migrated.
 *
 * @param reason in one sentence, with the API server's own words
 * @param objects that could not be rewritten, as {@code namespace/name}; some of them if many
 */
record Trouble(String reason, List<String> objects) {
  Trouble {
    objects = List.copyOf(objects);
  }
}
