/** A component that runs as a Deployment: its controller, its kubelet and its API servers. */
@NullMarked
package io.vaultkms.lab.deployment;

import org.jspecify.annotations.NullMarked;
