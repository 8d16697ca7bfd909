/**
 * How the encryption of a cluster stands, read from the objects that the services keep for people.
 */
@NullMarked
package io.vaultkms.cli.status;

import org.jspecify.annotations.NullMarked;
