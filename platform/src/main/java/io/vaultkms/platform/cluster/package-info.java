/** The facts of a cluster: where they are kept, and how they are read. */
@NullMarked
package io.vaultkms.platform.cluster;

import org.jspecify.annotations.NullMarked;
