/** How many requests may be under way at once, and how many a second. */
@NullMarked
package io.vaultkms.migrator.limit;

import org.jspecify.annotations.NullMarked;
