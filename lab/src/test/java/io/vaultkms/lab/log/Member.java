package io.vaultkms.lab.log;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vaultkms.model.event.Event;
import io.vaultkms.platform.log.ConsumerSettings;
import io.vaultkms.platform.log.EventConsumer;
import io.vaultkms.platform.log.EventHandler;
import io.vaultkms.platform.log.EventLog;
import io.vaultkms.platform.log.LogSettings;
import io.vaultkms.platform.log.Received;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A service's end of the log that remembers what it handled of one cluster family. */
final class Member implements AutoCloseable {
  private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
  private final List<Received> handled = new CopyOnWriteArrayList<>();
  private final String clusters;
  private final EventLog log;

  /**
   * @param clusters the beginning of the ids of clusters that this test is about
   */
  Member(Vertx vertx, LogSettings settings, String service, String clusters) {
    this.clusters = clusters;
    this.log = EventLog.open(vertx, settings, service, metrics);
  }

  EventConsumer consume(ConsumerSettings how) {
    return consume(how, received -> {});
  }

  /** The handler runs before the event counts as handled. */
  EventConsumer consume(ConsumerSettings how, EventHandler handler) {
    return log.consume(
        how,
        received -> {
          if (received.event().clusterId().startsWith(clusters)) {
            handler.handle(received);
            handled.add(received);
          }
        });
  }

  void publish(Event... events) {
    for (Event event : events) {
      log.publisher().publish(event);
    }
  }

  EventLog log() {
    return log;
  }

  List<Received> handled() {
    return handled;
  }

  List<Event> events() {
    return handled.stream().map(Received::event).toList();
  }

  /** The sum of a counter over its tags. */
  double count(String name, String... tags) {
    return metrics.find(name).tags(tags).counters().stream().mapToDouble(Counter::count).sum();
  }

  SimpleMeterRegistry metrics() {
    return metrics;
  }

  @Override
  public void close() {
    log.close();
  }
}
