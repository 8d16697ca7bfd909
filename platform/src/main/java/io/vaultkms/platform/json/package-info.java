/** How this project writes and reads JSON. */
@NullMarked
package io.vaultkms.platform.json;

import org.jspecify.annotations.NullMarked;
