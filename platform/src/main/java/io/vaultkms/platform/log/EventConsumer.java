package io.vaultkms.platform.log;

import io.micrometer.core.instrument.MeterRegistry;
import io.vaultkms.platform.work.Backoff;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A service's membership in its consumer group. It hands every event to the handler at least once,
 * keeps trying while the broker is away, and stops with {@link #close}. See {@link EventHandler}
 * for the threads.
 */
public final class EventConsumer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EventConsumer.class);
  private static final Duration TOPICS = Duration.ofSeconds(5);

  private final Vertx vertx;
  private final LogSettings log;
  private final String service;
  private final ConsumerSettings settings;
  private final BrokerWatch watch;
  private final ConsumerMetrics metrics;
  private final RecordHandling handling;
  private final Optional<Assignment> assignment;
  private final Replay replay;
  private final StopSignal stop = new StopSignal();
  private final Backoff backoff = new Backoff(Duration.ofMillis(500), Duration.ofSeconds(15));
  private final Thread thread;
  private volatile LogState membership;
  private volatile boolean joinedThisTime;
  private boolean deadLettersMade;

  EventConsumer(
      EventLog log,
      Vertx vertx,
      MeterRegistry registry,
      ConsumerSettings settings,
      Optional<Assignment> assignment,
      EventHandler handler) {
    this.vertx = vertx;
    this.log = log.settings();
    this.service = log.service();
    this.settings = settings;
    this.assignment = assignment;
    this.watch = log.watch();
    this.metrics = new ConsumerMetrics(registry);
    this.handling =
        new RecordHandling(handler, new DeadLetters(log.producer(), service), metrics, settings);
    this.replay = new Replay(this.log, service, handling, log.publisher());
    this.membership = state(false, "has not joined yet");
    this.thread = Thread.ofVirtual().name("event-consumer-" + service).unstarted(this::sessions);
  }

  EventConsumer start() {
    thread.start();
    return this;
  }

  /** Healthy while the broker answers and this is a member of its group. */
  public LogState state() {
    LogState broker = watch.state();
    return broker.healthy() ? membership : broker;
  }

  public boolean healthy() {
    return state().healthy();
  }

  /**
   * Ends the work at hand within the grace, commits what was handled and leaves the group. Blocks
   * for some seconds at most.
   */
  @Override
  public void close() {
    stop.give();
    assignment.ifPresent(Assignment::left);
    membership = state(false, "has left");
    try {
      if (!thread.join(settings.grace().plusSeconds(15))) {
        LOG.warn("the consumer of {} does not end in time and is interrupted", service);
        thread.interrupt();
      }
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
  }

  private void sessions() {
    int failures = 0;
    while (!stop.isGiven()) {
      try {
        joinedThisTime = false;
        lost();
        watch.awaitTopics(TOPICS);
        makeDeadLetters();
        session().run(vertx);
      } catch (EventLogUnavailable e) {
        LOG.debug("waiting for the broker: {}", e.getMessage());
        pause(1);
      } catch (InterruptedException e) {
        return;
      } catch (Throwable e) {
        failures = joinedThisTime ? 1 : failures + 1;
        LOG.warn("the consumer of {} begins anew", service, e);
        membership = state(false, "begins anew: " + EventLogUnavailable.reasonOf(e));
        pause(failures);
      }
    }
  }

  private void makeDeadLetters() {
    if (!deadLettersMade) {
      Topics.ensureTopics(log, service);
      deadLettersMade = true;
    }
  }

  private ConsumerSession session() {
    return new ConsumerSession(
        settings,
        listener -> new GroupConsumer(KafkaClients.member(log, service, settings), listener),
        (partition, broken) -> new PartitionLane(partition, handling, replay, metrics, broken),
        this::joined,
        this::lost,
        stop);
  }

  private void lost() {
    assignment.ifPresent(Assignment::lost);
  }

  private void joined(GroupConsumer member) {
    joinedThisTime = true;
    if (!stop.isGiven()) {
      assignment.ifPresent(told -> told.agreed(member));
    }
    if (!membership.healthy() && !stop.isGiven()) {
      membership = state(true, "is a member");
    }
  }

  private void pause(int failures) {
    try {
      stop.pause(backoff.after(failures));
    } catch (InterruptedException e) {
      LOG.debug("the consumer of {} ends", service);
    }
  }

  private LogState state(boolean healthy, String what) {
    return new LogState(
        healthy,
        Instant.now().truncatedTo(ChronoUnit.MILLIS),
        "the group "
            + Topics.group(service, settings.cluster())
            + " at "
            + log.bootstrapServers()
            + ": this service "
            + what);
  }
}
