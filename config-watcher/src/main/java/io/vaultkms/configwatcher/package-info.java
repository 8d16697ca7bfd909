/** Watches the wanted configuration, judges it and tells what changed. */
@NullMarked
package io.vaultkms.configwatcher;

import org.jspecify.annotations.NullMarked;
