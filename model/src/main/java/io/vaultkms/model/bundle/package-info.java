/** Which key writes and which keys read, for each resource of a component. */
@NullMarked
package io.vaultkms.model.bundle;

import org.jspecify.annotations.NullMarked;
