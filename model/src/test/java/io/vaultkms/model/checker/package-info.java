/**
 * A model checker: a cluster small enough to walk through every order in which things can happen,
 * with the real decision at its heart.
 */
@NullMarked
package io.vaultkms.model.checker;

import org.jspecify.annotations.NullMarked;
