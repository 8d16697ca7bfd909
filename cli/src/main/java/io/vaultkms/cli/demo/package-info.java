/** The demo: a cluster on this machine, from plaintext to encrypted, and the proof of it. */
@NullMarked
package io.vaultkms.cli.demo;

import org.jspecify.annotations.NullMarked;
