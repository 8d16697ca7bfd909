package io.vaultkms.health;

import static java.util.stream.Collectors.toSet;

import io.vaultkms.health.history.History;
import io.vaultkms.health.status.Happenings;
import io.vaultkms.health.status.Phase;
import io.vaultkms.health.status.PluginStreaks;
import io.vaultkms.health.status.StatusDerivation;
import io.vaultkms.health.status.StatusDerivation.Derived;
import io.vaultkms.model.decision.Convergence;
import io.vaultkms.model.decision.Observation;
import io.vaultkms.model.decision.Step.Waiting;
import io.vaultkms.model.event.Event;
import io.vaultkms.model.status.StatusReport;
import io.vaultkms.platform.cluster.Observer;
import io.vaultkms.platform.cluster.WantedReader;
import io.vaultkms.platform.log.EventLogUnavailable;
import io.vaultkms.platform.work.Burst;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One look: observes, derives what people are to be told, has the status object and the metrics say
 * it, and then tells the log what it has not been told. The status is kept while the log is away. A
 * replica that stands by shows in its metrics what it sees, and does no more: what the log has told
 * it is old. For the one thread of a look loop.
 */
final class Monitor {
  private static final Logger LOG = LoggerFactory.getLogger(Monitor.class);

  /** How soon to look again while something is under way that wakes nobody. */
  private static final Duration UNDER_WAY = Duration.ofSeconds(2);

  /** Nodes that fall silent wake nobody either. */
  private static final Duration QUIET = Duration.ofSeconds(30);

  private static final Duration BETWEEN_COUNTS = Duration.ofSeconds(5);

  private final WantedReader wanted;
  private final Observer observer;
  private final StatusObject object;
  private final Chronicle chronicle;
  private final Duty duty;
  private final Happenings happenings;
  private final Consumer<Event> publisher;
  private final MonitorMetrics metrics;
  private final Burst burst;
  private PluginStreaks streaks = PluginStreaks.NONE;
  private Optional<Phase> last = Optional.empty();
  private Instant written = Instant.EPOCH;

  /**
   * @param publisher blocks until the log has the event
   */
  Monitor(
      WantedReader wanted,
      Observer observer,
      StatusObject object,
      Chronicle chronicle,
      Duty duty,
      Happenings happenings,
      Consumer<Event> publisher,
      MonitorMetrics metrics,
      Burst burst) {
    this.wanted = wanted;
    this.observer = observer;
    this.object = object;
    this.chronicle = chronicle;
    this.duty = duty;
    this.happenings = happenings;
    this.publisher = publisher;
    this.metrics = metrics;
    this.burst = burst;
  }

  Duration look() throws IOException, InterruptedException {
    duty.awaitDecision();
    burst.awaitEnd();
    boolean ours = duty.isOurs();
    Optional<EventLogUnavailable> away = ours ? completeHistory() : Optional.empty();
    Observation observed = observer.observe(wanted.readDocument());
    Optional<StatusReport> before = object.read();
    History history = ours ? chronicle.history() : History.NOTHING;
    Derived derived = StatusDerivation.derive(observed, history, before);
    streaks = streaks.after(derived.seen().reports());
    metrics.show(derived);
    metrics.show(history);
    boolean still = duty.isOurs() && (away.isPresent() || chronicle.isComplete());
    if (!ours || !still) {
      return untilNext(derived.phase());
    }
    write(derived, before);
    if (away.isPresent()) {
      throw away.get();
    }
    tell(derived);
    return untilNext(derived.phase());
  }

  private static Duration untilNext(Phase phase) {
    return phase.isUnderWay() ? UNDER_WAY : QUIET;
  }

  private Optional<EventLogUnavailable> completeHistory() {
    try {
      chronicle.complete();
      return Optional.empty();
    } catch (EventLogUnavailable e) {
      return Optional.of(e);
    }
  }

  private void write(Derived derived, Optional<StatusReport> before) {
    if (isNews(derived, before)) {
      object.write(derived.report(), before.isPresent());
      written = derived.seen().now();
    }
    if (!last.equals(Optional.of(derived.phase()))) {
      LOG.info("{}: {}", derived.phase().word(), derived.report().message());
      last = Optional.of(derived.phase());
    }
  }

  /** Counts and waiting times change with every look: they alone are not written every time. */
  private boolean isNews(Derived derived, Optional<StatusReport> before) {
    if (before.equals(Optional.of(derived.report()))) {
      return false;
    }
    return before.isEmpty()
        || !StatusDerivation.sameInSubstance(before.get(), derived.report())
        || written.plus(BETWEEN_COUNTS).isBefore(derived.seen().now());
  }

  private void tell(Derived derived) {
    Set<String> moving =
        Convergence.waiting(derived.seen()).stream().map(Waiting::node).collect(toSet());
    Stream.concat(
            streaks
                .happenings(
                    happenings.clusterId(), happenings.component(), chronicle.history(), moving)
                .stream(),
            happenings.of(derived, chronicle.history()))
        .forEach(
            event -> {
              publisher.accept(event);
              chronicle.take(event);
            });
  }
}
