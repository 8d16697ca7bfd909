/** Makes a service handle a stretch of the log again. */
@NullMarked
package io.vaultkms.cli.replay;

import org.jspecify.annotations.NullMarked;
