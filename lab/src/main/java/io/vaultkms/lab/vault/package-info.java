/** A stand-in for HashiCorp Vault over real TLS: AppRole, Transit, namespaces, seal and health. */
@NullMarked
package io.vaultkms.lab.vault;

import org.jspecify.annotations.NullMarked;
