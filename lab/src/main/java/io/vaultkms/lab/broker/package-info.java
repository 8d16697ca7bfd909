/** A real Kafka broker within this process. */
@NullMarked
package io.vaultkms.lab.broker;

import org.jspecify.annotations.NullMarked;
