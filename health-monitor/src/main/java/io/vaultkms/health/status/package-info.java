/** What people are told, derived from what is seen and what was told; without I/O and clock. */
@NullMarked
package io.vaultkms.health.status;

import org.jspecify.annotations.NullMarked;
