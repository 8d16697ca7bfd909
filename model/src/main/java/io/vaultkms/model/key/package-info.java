/** Encryption keys of a component: what is known of them, never their material. */
@NullMarked
package io.vaultkms.model.key;

import org.jspecify.annotations.NullMarked;
