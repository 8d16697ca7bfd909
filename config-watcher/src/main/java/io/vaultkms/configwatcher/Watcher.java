package io.vaultkms.configwatcher;

import io.vaultkms.model.config.Reference;
import io.vaultkms.model.decision.Wanted;
import io.vaultkms.model.event.ConfigChanged;
import io.vaultkms.model.event.ConfigRejected;
import io.vaultkms.model.event.Event;
import io.vaultkms.platform.cluster.WantedReader;
import io.vaultkms.platform.work.Burst;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One look: reads the wanted configuration and what it refers to, has the watches follow it, and
 * tells the log when that does not know it yet. For the one thread of a look loop.
 */
final class Watcher {
  private static final Logger LOG = LoggerFactory.getLogger(Watcher.class);

  /** A cluster that is away is found by looking: its watches only wait for it to come back. */
  private static final Duration PAUSE = Duration.ofSeconds(10);

  private final WantedReader reader;
  private final ReferenceWatches watches;
  private final Burst burst;
  private final Verdict verdict;
  private final Supplier<Memory> log;
  private final Consumer<Event> publisher;
  private final WatcherMetrics metrics;
  private final Clock clock;
  private Optional<Memory> memory = Optional.empty();

  /**
   * @param log reads what the log has been told; asked once, by the first look that can
   * @param publisher blocks until the log has the event
   */
  Watcher(
      WantedReader reader,
      ReferenceWatches watches,
      Burst burst,
      Verdict verdict,
      Supplier<Memory> log,
      Consumer<Event> publisher,
      WatcherMetrics metrics,
      Clock clock) {
    this.reader = reader;
    this.watches = watches;
    this.burst = burst;
    this.verdict = verdict;
    this.log = log;
    this.publisher = publisher;
    this.metrics = metrics;
    this.clock = clock;
  }

  Duration look() throws InterruptedException {
    burst.awaitEnd();
    Wanted wanted = reader.readWithContents().wanted();
    // A change between the reading and a new watch wakes another look: a watch begins with a list.
    watches.follow(references(wanted));
    Memory told = memory.isPresent() ? memory.get() : log.get();
    memory = Optional.of(told);
    verdict.on(wanted, told, clock.instant()).ifPresent(event -> tell(event, told));
    metrics.looked(wanted, watches.watched().size() + 1, clock.instant());
    return PAUSE;
  }

  private void tell(Event event, Memory told) {
    publisher.accept(event);
    memory = Optional.of(told.after(event));
    switch (event) {
      case ConfigChanged changed ->
          LOG.info(
              "generation {}: {} to mode {}, hash {}",
              changed.generation(),
              changed.kind(),
              changed.mode(),
              changed.hash());
      case ConfigRejected rejected ->
          LOG.warn("generation {} is rejected: {}", rejected.generation(), rejected.violations());
      default -> throw new IllegalStateException(event.type() + " is not a verdict");
    }
  }

  private static List<Reference> references(Wanted wanted) {
    return switch (wanted) {
      case Wanted.Remote remote -> remote.provider().references();
      case Wanted.Incomplete incomplete -> incomplete.provider().references();
      case Wanted.Local _, Wanted.Absent _, Wanted.Invalid _ -> List.of();
    };
  }
}
