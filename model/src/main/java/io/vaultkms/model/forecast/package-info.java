/** What would become of a cluster if all went well. */
@NullMarked
package io.vaultkms.model.forecast;

import org.jspecify.annotations.NullMarked;
