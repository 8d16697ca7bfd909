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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The history of one component as it grows: what the log had before this process had its events,
 * and what has come since, in whatever order and how often it comes. From any thread.
 */
final class Chronicle {
  private final LogSettings settings;
  private final String clusterId;
  private final String component;
  private final AtomicReference<History> history = new AtomicReference<>(History.NOTHING);
  private final AtomicInteger wanted = new AtomicInteger(1);
  private volatile int read;

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

  /** Others have had the events for a while, or have them now: what was read may lack some. */
  void anew() {
    wanted.incrementAndGet();
  }

  /**
   * Reads what was told before this process had the events, once each time: the offsets of its
   * group say what was handled, and not what is still known. Blocks. For one thread.
   *
   * @throws EventLogUnavailable when the broker does not answer
   */
  void complete() {
    int now = wanted.get();
    if (read == now) {
      return;
    }
    try (EventReader reader = EventReader.open(settings, "health-monitor")) {
      reader.read(
          Set.of(Topics.EVENTS, Topics.TELEMETRY), new ReadFrom.Beginning(), this::takeKnown);
    }
    read = now;
  }

  /** Whether what was told before is in. */
  boolean isComplete() {
    return read == wanted.get();
  }

  private void takeKnown(LogEntry entry) {
    if (entry.decoded() instanceof Decoded.Known(Event event, _)) {
      take(event);
    }
  }
}
