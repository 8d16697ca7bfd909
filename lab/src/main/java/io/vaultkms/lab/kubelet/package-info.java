/** A stand-in for the kubelet: runs the static pods of one node's manifest folder as processes. */
@NullMarked
package io.vaultkms.lab.kubelet;

import org.jspecify.annotations.NullMarked;
