/** How a service starts, runs and stops. */
@NullMarked
package io.vaultkms.platform.service;

import org.jspecify.annotations.NullMarked;
