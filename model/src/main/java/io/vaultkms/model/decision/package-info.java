/** The one pure function that says what comes next. */
@NullMarked
package io.vaultkms.model.decision;

import org.jspecify.annotations.NullMarked;
