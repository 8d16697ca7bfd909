/** Metadata of stored objects over HTTP: listed, read and rewritten without their contents. */
@NullMarked
package io.vaultkms.migrator.api;

import org.jspecify.annotations.NullMarked;
