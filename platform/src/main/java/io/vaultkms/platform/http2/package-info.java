/**
 * A lean HTTP/2 client (RFC 9113) for many small requests to a server on a machine that has better
 * things to do: requests block virtual threads, one thread reads each connection, and little else
 * happens.
 */
@NullMarked
package io.vaultkms.platform.http2;

import org.jspecify.annotations.NullMarked;
