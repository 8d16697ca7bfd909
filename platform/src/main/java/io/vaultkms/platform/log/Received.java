package io.vaultkms.platform.log;

import io.vaultkms.model.event.Event;
import java.time.Instant;

/**
 * An event out of the log. It may come more than once, and later than others that happened after
 * it.
 *
 * @param event what happened
 * @param source who told it, as in {@code /vaultkms/migrator}
 * @param topic the topic it lies in
 * @param partition the partition it lies in
 * @param offset where it lies there
 * @param recordTime when it was told
 * @param replayed whether someone asked for it to be handled again
 */
public record Received(
    Event event,
    String source,
    String topic,
    int partition,
    long offset,
    Instant recordTime,
    boolean replayed) {}
