package io.vaultkms.migrator;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.Gauge;
import io.vaultkms.migrator.api.ApiClient;
import io.vaultkms.migrator.api.MetadataApi;
import io.vaultkms.migrator.limit.AdaptiveLimit;
import io.vaultkms.migrator.run.KeyNotes;
import io.vaultkms.migrator.run.Migrations;
import io.vaultkms.migrator.run.RunMetrics;
import io.vaultkms.migrator.run.Sight;
import io.vaultkms.migrator.run.Story;
import io.vaultkms.model.decision.Observation;
import io.vaultkms.model.event.Event;
import io.vaultkms.model.event.MigrationDone;
import io.vaultkms.model.event.MigrationFailed;
import io.vaultkms.model.event.MigrationStarted;
import io.vaultkms.platform.cluster.Clusters;
import io.vaultkms.platform.cluster.Observer;
import io.vaultkms.platform.cluster.WantedReader;
import io.vaultkms.platform.component.ComponentLoops;
import io.vaultkms.platform.component.ComponentSettings;
import io.vaultkms.platform.log.Assignment;
import io.vaultkms.platform.log.ConsumerSettings;
import io.vaultkms.platform.log.EventLog;
import io.vaultkms.platform.service.Program;
import io.vaultkms.platform.work.LookLoop;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/** The program. */
public final class Migrator {
  private static final String NAME = "migrator";

  private Migrator() {}

  public static void main(String[] arguments) {
    Program.main(
        NAME,
        arguments,
        System.getenv(),
        MigratorConfig::read,
        MigratorConfig::service,
        Migrator::start);
  }

  private static void start(MigratorConfig config, Program program) {
    KubernetesClient cluster = program.onStop(Clusters.connect(config.service().cluster()));
    EventLog log =
        program.onStop(EventLog.open(program.vertx(), config.log(), NAME, program.registry()));
    MetadataApi api =
        new MetadataApi(
            program.onStop(
                new ApiClient(
                    program.vertx(),
                    cluster.getConfiguration(),
                    config.api(),
                    program.registry())));
    // The API servers' load is one, whichever component's data is rewritten.
    AdaptiveLimit limit = new AdaptiveLimit(config.maxConcurrency(), config.maxPerSecond());
    String clusterId = config.service().clusterId();
    Assignment assignment = new Assignment(clusterId);
    Gauge.builder("vaultkms.migrator.active", () -> assignment.elsewhere() ? 0 : 1)
        .description("Whether this replica does the work")
        .register(program.registry());
    ComponentLoops loops =
        program.onStop(
            new ComponentLoops(
                NAME,
                config.components(),
                cluster,
                settings -> loop(config, program, cluster, log, api, limit, assignment, settings)));
    loops.start();
    assignment.onChange(loops::wake);
    program.onStop(
        log.consume(
            ConsumerSettings.defaults().cluster(clusterId),
            assignment,
            received -> {
              if (wakes(received.event(), clusterId)) {
                loops.wake(received.event().component());
              }
            }));
    program.health().ready("cluster", loops::problem);
    program.health().ready("log", log::problem);
    program.health().live("looks", () -> loops.stuck(Duration.ofMinutes(5)));
  }

  private static LookLoop loop(
      MigratorConfig config,
      Program program,
      KubernetesClient cluster,
      EventLog log,
      MetadataApi api,
      AdaptiveLimit limit,
      Assignment assignment,
      ComponentSettings settings) {
    String component = settings.name();
    Clock clock = Clock.systemUTC();
    Observer observer = new Observer(cluster, settings, Observation.Limits.DEFAULT, clock);
    AtomicReference<LookLoop> alive = new AtomicReference<>();
    Migrations migrations =
        new Migrations(
            api,
            limit,
            Sight.of(observer, new WantedReader(cluster)),
            new KeyNotes(api, component),
            new Story(config.service().clusterId(), component, log.publisher()::publish, clock),
            new RunMetrics(program.registry(), component, limit),
            config.run(),
            clock,
            () -> alive.get().progress(),
            assignment::elsewhere);
    LookLoop loop =
        new LookLoop(NAME + "-" + component, config.service().resync(), migrations::look);
    alive.set(loop);
    return loop;
  }

  /** What happens to another cluster, and what this service itself tells, is no reason to look. */
  static boolean wakes(Event event, String clusterId) {
    boolean own =
        event instanceof MigrationStarted
            || event instanceof MigrationDone
            || event instanceof MigrationFailed;
    return event.clusterId().equals(clusterId) && !own;
  }
}
