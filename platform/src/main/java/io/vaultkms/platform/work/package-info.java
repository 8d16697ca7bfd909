/** The loop in which a service looks at a cluster and acts. */
@NullMarked
package io.vaultkms.platform.work;

import org.jspecify.annotations.NullMarked;
