package io.vaultkms.health;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.vaultkms.health.history.History;
import io.vaultkms.health.history.MigrationRun;
import io.vaultkms.health.status.Phase;
import io.vaultkms.health.status.StatusDerivation;
import io.vaultkms.health.status.StatusDerivation.Derived;
import io.vaultkms.model.event.Event;
import io.vaultkms.model.status.StatusReport;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The pipeline's state for dashboards. Each set of series is replaced as a whole, so that the
 * series of a node or key that is gone go too. From any thread.
 */
final class MonitorMetrics {
  private final MeterRegistry registry;
  private final String component;
  private final Clock clock;
  private final Map<String, MultiGauge> gauges = new HashMap<>();

  MonitorMetrics(MeterRegistry registry, String component, Clock clock) {
    this.registry = registry;
    this.component = component;
    this.clock = clock;
  }

  /** Counts an event that came out of the log, replayed ones and duplicates too. */
  static void seen(MeterRegistry registry, Event event) {
    registry.counter("vaultkms.events.seen", "type", event.getClass().getSimpleName()).increment();
  }

  /** Which of several replicas is right: what one that stands by shows lacks what the log tells. */
  static void active(MeterRegistry registry, Duty duty) {
    Gauge.builder("vaultkms.health.monitor.active", () -> duty.isOurs() ? 1 : 0)
        .description("Whether this replica writes the status and tells events")
        .register(registry);
  }

  synchronized void show(Derived derived) {
    StatusReport report = derived.report();
    one(
        "vaultkms.write.key.id",
        "Key that writes everywhere; 0 for plaintext",
        report.writeKeyId());
    one("vaultkms.bundle.revision", "Number of the newest bundle", report.revision());
    if (report.nodes() != null) {
      one("vaultkms.nodes.expected", "Nodes that run an API server", report.nodes().total());
      one(
          "vaultkms.nodes.converged",
          "Nodes that have applied the newest bundle",
          report.nodes().converged());
    }
    if (report.configuration() != null) {
      one(
          "vaultkms.configuration.generation",
          "Generation of the wanted configuration",
          report.configuration().observedGeneration());
    }
    one(
        "vaultkms.configuration.accepted",
        "1 accepted, 0 refused, -1 not known",
        value(report, StatusDerivation.CONFIGURATION_ACCEPTED));
    one(
        "vaultkms.settled",
        "1 when nothing is left to do",
        derived.phase() == Phase.SETTLED ? 1 : 0);
    phases(derived.phase());
    conditions(report);
    plugins(derived);
  }

  synchronized void show(History history) {
    List<Row<?>> done = new ArrayList<>();
    List<Row<?>> expected = new ArrayList<>();
    history.newestRuns().stream()
        .findFirst()
        .map(MigrationRun::resources)
        .ifPresent(
            resources ->
                resources.forEach(
                    (resource, progress) -> {
                      done.add(row(progress.done(), "resource", resource));
                      expected.add(row(progress.total(), "resource", resource));
                    }));
    set("vaultkms.migration.objects.done", "Objects of the newest run that were looked at", done);
    set("vaultkms.migration.objects.expected", "Objects of the newest run there are", expected);
  }

  private void phases(Phase now) {
    set(
        "vaultkms.phase",
        "1 for the phase that the component is in",
        Arrays.stream(Phase.values())
            .<Row<?>>map(phase -> row(phase == now ? 1 : 0, "phase", phase.word()))
            .toList());
  }

  private void conditions(StatusReport report) {
    set(
        "vaultkms.condition",
        "1 true, 0 false, -1 unknown",
        report.conditions().stream()
            .<Row<?>>map(
                condition -> row(value(report, condition.type()), "type", condition.type()))
            .toList());
  }

  private void plugins(Derived derived) {
    List<Row<?>> healthy = new ArrayList<>();
    List<Row<?>> ages = new ArrayList<>();
    derived
        .seen()
        .reports()
        .forEach(
            (node, report) -> {
              Instant reported = report.reportedTime();
              ages.add(
                  Row.of(
                      tags("node", node),
                      () -> Duration.between(reported, clock.instant()).toMillis() / 1000.0));
              report
                  .plugins()
                  .forEach(
                      plugin ->
                          healthy.add(
                              row(
                                  plugin.healthy() ? 1 : 0,
                                  "node",
                                  node,
                                  "key_id",
                                  Long.toString(plugin.keyId()))));
            });
    set("vaultkms.plugin.healthy", "1 when the plugin's last round trip succeeded", healthy);
    set("vaultkms.plugin.report.age.seconds", "Time since the node's last report", ages);
  }

  private static int value(StatusReport report, String condition) {
    return StatusDerivation.condition(report, condition)
        .map(
            found ->
                switch (found.status()) {
                  case "True" -> 1;
                  case "False" -> 0;
                  default -> -1;
                })
        .orElse(-1);
  }

  private void one(String name, String description, double value) {
    set(name, description, List.of(Row.of(tags(), value)));
  }

  private void set(String name, String description, List<Row<?>> rows) {
    gauges
        .computeIfAbsent(
            name, key -> MultiGauge.builder(key).description(description).register(registry))
        .register(rows, true);
  }

  private Row<?> row(double value, String... tags) {
    return Row.of(tags(tags), value);
  }

  private Tags tags(String... tags) {
    return Tags.of("component", component).and(tags);
  }
}
