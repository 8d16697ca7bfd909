/** The wanted configuration as an admin writes it, and every rule it must keep. */
@NullMarked
package io.vaultkms.model.config;

import org.jspecify.annotations.NullMarked;
