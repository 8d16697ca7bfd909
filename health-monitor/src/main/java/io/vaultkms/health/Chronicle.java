package io.vaultkms.health;

import io.vaultkms.health.history.History;
import io.vaultkms.model.event.Event;
import io.vaultkms.platform.log.Decoded;
import io.vaultkms.platform.log.EventLogUnavailable;
import io.vaultkms.platform.log.EventReader;
import io.vaultkms.platform.log.LogEntry;
import io.vaultkms.platform.log.LogSettings;
import io.vaultkms.platform.log.ReadFrom;
import io.vaultkms.platform.log.Topics;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The history of one component as it grows: what the log had before this process began, and what
 * has come since, in whatever order and how often it comes. From any thread.
 */
final class Chronicle {
  private final LogSettings settings;
  private final String clusterId;
  private final String component;
  private final AtomicReference<History> history = new AtomicReference<>(History.NOTHING);
  private volatile boolean complete;

  Chronicle(LogSettings settings, String clusterId, String component) {
    this.settings = settings;
    this.clusterId = clusterId;
    this.component = component;
  }

  History history() {
    return history.get();
  }

  /**
   * Takes an event, unless it is of another cluster or component.
   *
   * @return whether it was taken
   */
  boolean take(Event event) {
    if (!event.clusterId().equals(clusterId) || !event.component().equals(component)) {
      return false;
    }
    history.updateAndGet(known -> known.after(event));
    return true;
  }

  /**
   * Reads what was told before this process began, once: the offsets of its group say what was
   * handled, and not what is still known. Blocks.
   *
   * @throws EventLogUnavailable when the broker does not answer
   */
  void complete() {
    if (complete) {
      return;
    }
    try (EventReader reader = EventReader.open(settings, "health-monitor")) {
      reader.read(
          Set.of(Topics.EVENTS, Topics.TELEMETRY), new ReadFrom.Beginning(), this::takeKnown);
    }
    complete = true;
  }

  /** Whether what was told before is in. */
  boolean isComplete() {
    return complete;
  }

  private void takeKnown(LogEntry entry) {
    if (entry.decoded() instanceof Decoded.Known(Event event, _)) {
      take(event);
    }
  }
}
