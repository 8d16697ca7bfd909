/** What one control-plane node reports of its API server and its plugins. */
@NullMarked
package io.vaultkms.model.node;

import org.jspecify.annotations.NullMarked;
