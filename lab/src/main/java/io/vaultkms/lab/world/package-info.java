/** A whole world: broker, Vault, a control plane with kubelets, and programs as processes. */
@NullMarked
package io.vaultkms.lab.world;

import org.jspecify.annotations.NullMarked;
