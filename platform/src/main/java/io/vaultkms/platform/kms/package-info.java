/** The KMS v2 plugin contract, spoken over a plugin's unix socket. */
@NullMarked
package io.vaultkms.platform.kms;

import org.jspecify.annotations.NullMarked;
