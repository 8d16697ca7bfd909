/** Liveness, readiness and metrics over HTTP. */
@NullMarked
package io.vaultkms.platform.http;

import org.jspecify.annotations.NullMarked;
