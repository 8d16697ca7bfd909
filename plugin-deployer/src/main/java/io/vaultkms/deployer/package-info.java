/** The service that brings keys and plugins to the API servers, one step at a time. */
@NullMarked
package io.vaultkms.deployer;

import org.jspecify.annotations.NullMarked;
