package io.vaultkms.platform.log;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A service's end of the log: what it publishes with and consumes through. Opening does not wait
 * for the broker, which may be away at any time; {@link #state} tells. Close it before Vert.x.
 */
public final class EventLog implements AutoCloseable {
  /** How long publishing may take. */
  public static final Duration PUBLISH_TIMEOUT = Duration.ofSeconds(30);

  private final Vertx vertx;
  private final LogSettings settings;
  private final String service;
  private final MeterRegistry registry;
  private final BrokerWatch watch;
  private final LogProducer producer;
  private final EventPublisher publisher;
  private final List<EventConsumer> consumers = new CopyOnWriteArrayList<>();

  private EventLog(
      Vertx vertx,
      LogSettings settings,
      String service,
      MeterRegistry registry,
      Duration publishTimeout) {
    this.vertx = vertx;
    this.settings = settings;
    this.service = service;
    this.registry = registry;
    this.watch = new BrokerWatch(settings, service);
    this.producer = new LogProducer(vertx, settings, service, watch, publishTimeout);
    this.publisher = new EventPublisher(producer, service, registry);
  }

  /**
   * @param service name of the service, such as {@code migrator}: the source of its events, its
   *     consumer group and its dead letters
   */
  public static EventLog open(
      Vertx vertx, LogSettings settings, String service, MeterRegistry registry) {
    return open(vertx, settings, service, registry, PUBLISH_TIMEOUT);
  }

  /**
   * @param publishTimeout how long {@link EventPublisher#publish} may take, at least three seconds
   */
  public static EventLog open(
      Vertx vertx,
      LogSettings settings,
      String service,
      MeterRegistry registry,
      Duration publishTimeout) {
    EventLog log = new EventLog(vertx, settings, service, registry, publishTimeout);
    log.watch.start();
    return log;
  }

  public EventPublisher publisher() {
    return publisher;
  }

  /** Begins to consume, and goes on until the consumer or this log is closed. */
  public EventConsumer consume(ConsumerSettings how, EventHandler handler) {
    return consume(how, Optional.empty(), handler);
  }

  /**
   * The same.
   *
   * @param assignment is told which replica has the cluster's partition
   */
  public EventConsumer consume(ConsumerSettings how, Assignment assignment, EventHandler handler) {
    return consume(how, Optional.of(assignment), handler);
  }

  private EventConsumer consume(
      ConsumerSettings how, Optional<Assignment> assignment, EventHandler handler) {
    EventConsumer consumer = new EventConsumer(this, vertx, registry, how, assignment, handler);
    consumers.add(consumer);
    return consumer.start();
  }

  /** The state of the broker, and then that of the consumers. */
  public LogState state() {
    return consumers.stream()
        .map(EventConsumer::state)
        .filter(state -> !state.healthy())
        .findFirst()
        .orElseGet(watch::state);
  }

  public boolean healthy() {
    return state().healthy();
  }

  /** What is wrong, naming the broker; empty when nothing is. */
  public Optional<String> problem() {
    LogState state = state();
    return state.healthy() ? Optional.empty() : Optional.of(state.sentence());
  }

  /** Ends the consumers, then sends what is under way. Blocks for some seconds at most. */
  @Override
  public void close() {
    consumers.forEach(EventConsumer::close);
    producer.close();
    watch.close();
  }

  LogSettings settings() {
    return settings;
  }

  String service() {
    return service;
  }

  BrokerWatch watch() {
    return watch;
  }

  LogProducer producer() {
    return producer;
  }
}
