/** The service: what it is told, when it looks, and how its parts are put together. */
@NullMarked
package io.vaultkms.migrator;

import org.jspecify.annotations.NullMarked;
