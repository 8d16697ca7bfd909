package io.vaultkms.cli.replay;

import io.vaultkms.model.event.ReplayFinished;
import io.vaultkms.platform.log.Decoded;
import io.vaultkms.platform.log.EventReader;
import io.vaultkms.platform.log.LogEntry;
import io.vaultkms.platform.log.LogSettings;
import io.vaultkms.platform.log.ReadFrom;
import io.vaultkms.platform.log.Topics;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Waits until a service says that it has done what a request asked. */
final class FinishedReplay {
  /** Clocks of services may be behind by that much, and records have their writer's time. */
  private static final Duration SKEW = Duration.ofMinutes(5);

  private final String requestId;
  private volatile @Nullable ReplayFinished found;

  private FinishedReplay(String requestId) {
    this.requestId = requestId;
  }

  /** What the service said; empty when it said nothing in time. */
  static Optional<ReplayFinished> await(
      LogSettings settings, String requestId, Instant requested, Duration atMost) {
    FinishedReplay waiting = new FinishedReplay(requestId);
    try (EventReader reader = EventReader.open(settings, "replay")) {
      Thread timer = Thread.ofVirtual().start(() -> stopAfter(reader, atMost));
      try {
        reader.follow(
            Set.of(Topics.EVENTS),
            new ReadFrom.Time(requested.minus(SKEW)),
            entry -> waiting.look(entry, reader));
      } finally {
        timer.interrupt();
      }
    }
    return Optional.ofNullable(waiting.found);
  }

  private void look(LogEntry entry, EventReader reader) {
    if (entry.decoded() instanceof Decoded.Known(ReplayFinished finished, _)
        && finished.requestId().equals(requestId)) {
      found = finished;
      reader.stop();
    }
  }

  private static void stopAfter(EventReader reader, Duration atMost) {
    try {
      Thread.sleep(atMost);
      reader.stop();
    } catch (InterruptedException e) {
      // It has finished in time.
    }
  }
}
