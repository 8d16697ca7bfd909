/** Certificates for the lab's TLS servers: an authority made at start, and what it issues. */
@NullMarked
package io.vaultkms.lab.tls;

import org.jspecify.annotations.NullMarked;
