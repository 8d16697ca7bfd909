/** What the log has told so far, as far as it is of use for a component's status; without I/O. */
@NullMarked
package io.vaultkms.health.history;

import org.jspecify.annotations.NullMarked;
