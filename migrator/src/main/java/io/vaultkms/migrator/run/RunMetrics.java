package io.vaultkms.migrator.run;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.vaultkms.migrator.limit.AdaptiveLimit;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.ToDoubleFunction;

/** What is counted of one component's migrations. From any thread. */
public final class RunMetrics {
  private final MeterRegistry registry;
  private final Tags tags;
  private final ConcurrentMap<String, Counter> counters = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, Far> far = new ConcurrentHashMap<>();
  private volatile double waiting;

  /**
   * How far a resource is.
   *
   * @param rate objects a second
   */
  record Far(long done, long total, double rate) {
    static final Far NOWHERE = new Far(0, 0, 0);

    double secondsLeft() {
      return done >= total ? 0 : rate <= 0 ? Double.NaN : (total - done) / rate;
    }
  }

  /**
   * @param limit what the components share
   */
  public RunMetrics(MeterRegistry registry, String component, AdaptiveLimit limit) {
    this.registry = registry;
    this.tags = Tags.of("component", component);
    Gauge.builder("vaultkms.migration.concurrency", limit, AdaptiveLimit::inFlight)
        .description("Writes under way")
        .register(registry);
    Gauge.builder("vaultkms.migration.concurrency.limit", limit, AdaptiveLimit::limit)
        .description("Writes that may be under way")
        .register(registry);
    Gauge.builder("vaultkms.migration.waiting.seconds", this, metrics -> metrics.waiting)
        .description("Until requests from before convergence can no longer be under way")
        .tags(tags)
        .register(registry);
  }

  /** One object came out like that. */
  void object(String resource, String result) {
    counters
        .computeIfAbsent(
            resource + " " + result,
            _ ->
                Counter.builder("vaultkms.migration.objects")
                    .description("Objects by what became of them")
                    .tags(tags.and("resource", resource, "result", result))
                    .register(registry))
        .increment();
  }

  /** Calls of a resource were repeated so often. */
  void retries(String resource, long more) {
    registry.counter("vaultkms.migration.retries", tags.and("resource", resource)).increment(more);
  }

  void waiting(double seconds) {
    waiting = seconds;
  }

  /** A run has ended: {@code done}, {@code failed} or {@code stopped}. */
  public void ended(String result) {
    registry.counter("vaultkms.migration.runs", tags.and("result", result)).increment();
  }

  void far(String resource, Far now) {
    if (far.put(resource, now) == null) {
      gauge("done", "Objects looked at in this run", resource, Far::done);
      gauge("expected", "Objects there are, as far as is known", resource, Far::total);
      gauge("rate", "Objects a second", resource, Far::rate);
      gauge("seconds.left", "Until all are looked at, at this rate", resource, Far::secondsLeft);
    }
  }

  private void gauge(
      String name, String description, String resource, ToDoubleFunction<Far> value) {
    Gauge.builder(
            "vaultkms.migration." + name,
            far,
            all -> value.applyAsDouble(all.getOrDefault(resource, Far.NOWHERE)))
        .description(description)
        .tags(tags.and("resource", resource))
        .register(registry);
  }
}
