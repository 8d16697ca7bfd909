package io.vaultkms.migrator.run;

import io.vaultkms.migrator.api.ResourcePaths;

/**
 * A resource to migrate.
 *
 * @param name with its group, such as {@code secrets}
 * @param paths where it is in the API
 */
record Target(String name, ResourcePaths paths) {}
