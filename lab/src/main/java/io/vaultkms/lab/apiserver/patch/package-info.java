/** The patch formats of Kubernetes on JSON trees. */
@NullMarked
package io.vaultkms.lab.apiserver.patch;

import org.jspecify.annotations.NullMarked;
