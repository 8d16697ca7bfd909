package io.vaultkms.platform.log;

import io.micrometer.core.instrument.MeterRegistry;
import io.vaultkms.model.event.Event;

/** Publishes a service's events. Safe for use by many threads. */
public final class EventPublisher {
  private final LogProducer producer;
  private final String service;
  private final MeterRegistry metrics;

  EventPublisher(LogProducer producer, String service, MeterRegistry metrics) {
    this.producer = producer;
    this.service = service;
    this.metrics = metrics;
  }

  /**
   * Blocks until the log has the event, for as long as the log was opened with at most; call it
   * from a virtual thread.
   *
   * @throws EventLogUnavailable if the log did not confirm it; it may have it nevertheless, so that
   *     publishing it again, under the same id, is right
   */
  public void publish(Event event) {
    try {
      producer.send(EventCodec.toRecord(event, service), event.type());
      metrics.counter("vaultkms.events.published", "type", event.type()).increment();
    } catch (RuntimeException e) {
      metrics.counter("vaultkms.events.publish.failures", "type", event.type()).increment();
      throw e;
    }
  }
}
