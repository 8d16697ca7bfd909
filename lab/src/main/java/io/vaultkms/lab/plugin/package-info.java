/**
 * A KMS v2 plugin program with the flags of HashiCorp's: gRPC over a unix socket, talking only to
 * Vault. It is a small process of its own, so it uses neither Vert.x nor slf4j and says what
 * happens on standard error.
 */
@NullMarked
package io.vaultkms.lab.plugin;

import org.jspecify.annotations.NullMarked;
