package io.vaultkms.platform.log;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.TopicPartition;

/** What consuming tells Prometheus. */
final class ConsumerMetrics {
  /** Names of unknown types come from outside, and each is a time series. */
  private static final int UNKNOWN_TYPES = 50;

  private final MeterRegistry registry;
  private final Set<String> unknownTypes = ConcurrentHashMap.newKeySet();

  ConsumerMetrics(MeterRegistry registry) {
    this.registry = registry;
  }

  void consumed(String type) {
    registry.counter("vaultkms.events.consumed", "type", type).increment();
  }

  void handled(String type, Duration time) {
    registry.timer("vaultkms.events.handled", "type", type).record(time);
  }

  void retried(String type) {
    registry.counter("vaultkms.events.retries", "type", type).increment();
  }

  void unknown(String type) {
    boolean named =
        unknownTypes.contains(type)
            || (unknownTypes.size() < UNKNOWN_TYPES && unknownTypes.add(type));
    registry.counter("vaultkms.events.unknown", "type", named ? type : "other").increment();
  }

  void deadLetter(String cause) {
    registry.counter("vaultkms.events.dead.letters", "cause", cause).increment();
  }

  Meter lag(TopicPartition partition, AtomicLong lag) {
    return Gauge.builder("vaultkms.events.lag", lag, AtomicLong::doubleValue)
        .tag("topic", partition.topic())
        .tag("partition", Integer.toString(partition.partition()))
        .description("Events in the log that are not yet handled")
        .register(registry);
  }

  void remove(Meter meter) {
    registry.remove(meter);
  }
}
