/** Which components a cluster has, what each encrypts, and a loop for each. */
@NullMarked
package io.vaultkms.platform.component;

import org.jspecify.annotations.NullMarked;
