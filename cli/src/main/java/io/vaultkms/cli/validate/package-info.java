/** Checks {@code APIServer} documents before they reach a cluster. */
@NullMarked
package io.vaultkms.cli.validate;

import org.jspecify.annotations.NullMarked;
