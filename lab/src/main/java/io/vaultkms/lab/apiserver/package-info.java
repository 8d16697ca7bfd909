/**
 * A stand-in for kube-apiserver: several instances over one store, each with its own encryption.
 */
@NullMarked
package io.vaultkms.lab.apiserver;

import org.jspecify.annotations.NullMarked;
