/** What people are told of a component. */
@NullMarked
package io.vaultkms.model.status;

import org.jspecify.annotations.NullMarked;
