/** What a document would do to a cluster as it stands. */
@NullMarked
package io.vaultkms.cli.plan;

import org.jspecify.annotations.NullMarked;
