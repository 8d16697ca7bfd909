/** Configuration from environment variables, read and judged whole before anything starts. */
@NullMarked
package io.vaultkms.platform.env;

import org.jspecify.annotations.NullMarked;
