package io.vaultkms.configwatcher;

import io.vaultkms.model.event.Event;
import io.vaultkms.platform.log.Decoded;
import io.vaultkms.platform.log.EventReader;
import io.vaultkms.platform.log.LogEntry;
import io.vaultkms.platform.log.LogSettings;
import io.vaultkms.platform.log.ReadFrom;
import io.vaultkms.platform.log.Topics;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * What the log itself has of this component's configuration. It is the only memory of what was
 * told: config-watcher, which may read credentials, need then write nothing on the cluster. The
 * last days are read first, and the whole story only when they have no accepted configuration.
 * Blocks.
 */
record ToldBefore(LogSettings settings, String clusterId, String component, Clock clock) {
  private static final List<Duration> BACK = List.of(Duration.ofDays(1), Duration.ofDays(30));

  /**
   * @throws io.vaultkms.platform.log.EventLogUnavailable when the broker does not answer
   */
  Memory read() {
    for (Duration back : BACK) {
      Memory memory = read(new ReadFrom.Time(clock.instant().minus(back)));
      if (memory.accepted().isPresent()) {
        return memory;
      }
    }
    return read(new ReadFrom.Beginning());
  }

  private Memory read(ReadFrom from) {
    Memory[] memory = {Memory.NOTHING};
    try (EventReader reader = EventReader.open(settings, "config-watcher")) {
      reader.read(Set.of(Topics.EVENTS), from, entry -> memory[0] = after(memory[0], entry));
    }
    return memory[0];
  }

  private Memory after(Memory memory, LogEntry entry) {
    return entry.decoded() instanceof Decoded.Known(Event event, _)
            && event.clusterId().equals(clusterId)
            && event.component().equals(component)
        ? memory.after(event)
        : memory;
  }
}
