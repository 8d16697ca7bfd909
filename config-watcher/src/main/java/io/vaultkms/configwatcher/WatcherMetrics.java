package io.vaultkms.configwatcher;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.vaultkms.model.config.Violation;
import io.vaultkms.model.decision.Wanted;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** What config-watcher tells Prometheus of one component. From any thread. */
final class WatcherMetrics {
  private final AtomicLong violations = new AtomicLong();
  private final AtomicLong generation = new AtomicLong();
  private final AtomicLong watches = new AtomicLong();
  private final AtomicLong lastLookMillis = new AtomicLong();

  WatcherMetrics(MeterRegistry registry, String component) {
    Tags tags = Tags.of("component", component);
    gauge(
        registry,
        tags,
        "vaultkms.config.violations",
        "Rules that the configuration breaks",
        violations);
    gauge(
        registry,
        tags,
        "vaultkms.config.generation",
        "Generation that was judged last",
        generation);
    gauge(registry, tags, "vaultkms.config.watches", "Objects that are watched", watches);
    Gauge.builder("vaultkms.last.look.timestamp.seconds", lastLookMillis, ms -> ms.get() / 1000.0)
        .description("When the last look ended well, in seconds since 1970; 0 for never")
        .tags(tags)
        .register(registry);
  }

  private static void gauge(
      MeterRegistry registry, Tags tags, String name, String description, AtomicLong value) {
    Gauge.builder(name, value, AtomicLong::get)
        .description(description)
        .tags(tags)
        .register(registry);
  }

  /** Counts watches that were lost; the components share them. */
  static Counter watchRestarts(MeterRegistry registry) {
    return Counter.builder("vaultkms.watch.restarts")
        .description("Watches that broke off and were begun anew")
        .register(registry);
  }

  void looked(Wanted wanted, int watched, Instant now) {
    violations.set(violations(wanted).size());
    generation.set(wanted.generation());
    watches.set(watched);
    lastLookMillis.set(now.toEpochMilli());
  }

  private static List<Violation> violations(Wanted wanted) {
    return switch (wanted) {
      case Wanted.Valid _, Wanted.Absent _ -> List.of();
      case Wanted.Invalid invalid -> invalid.violations();
      case Wanted.Incomplete incomplete -> incomplete.missing();
    };
  }
}
