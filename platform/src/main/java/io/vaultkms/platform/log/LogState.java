package io.vaultkms.platform.log;

import java.time.Instant;

/**
 * How the log is, for people and for {@code /readyz}.
 *
 * @param healthy whether it can be used
 * @param since since when it is so
 * @param sentence what is so, naming the broker
 */
public record LogState(boolean healthy, Instant since, String sentence) {}
