/** What a new configuration asks for, compared with the one before. */
@NullMarked
package io.vaultkms.model.change;

import org.jspecify.annotations.NullMarked;
