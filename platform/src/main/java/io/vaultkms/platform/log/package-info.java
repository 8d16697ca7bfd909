/**
 * The event log over Kafka: publishing, consuming at least once, dead letters, replay and reading.
 */
@NullMarked
package io.vaultkms.platform.log;

import org.jspecify.annotations.NullMarked;
