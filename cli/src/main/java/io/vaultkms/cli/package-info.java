/** The command line {@code vaultkms}: where it is put together and started. */
@NullMarked
package io.vaultkms.cli;

import org.jspecify.annotations.NullMarked;
