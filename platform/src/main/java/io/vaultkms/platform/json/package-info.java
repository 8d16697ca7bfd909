/** JSON as every part of the project reads and writes it. */
@NullMarked
package io.vaultkms.platform.json;

import org.jspecify.annotations.NullMarked;
