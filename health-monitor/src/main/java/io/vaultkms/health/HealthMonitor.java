package io.vaultkms.health;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.vaultkms.health.status.Happenings;
import io.vaultkms.model.event.Event;
import io.vaultkms.model.event.Story;
import io.vaultkms.model.event.Telemetry;
import io.vaultkms.platform.cluster.Clusters;
import io.vaultkms.platform.cluster.Contract;
import io.vaultkms.platform.cluster.Observer;
import io.vaultkms.platform.cluster.WantedReader;
import io.vaultkms.platform.cluster.Watches;
import io.vaultkms.platform.component.ComponentLoops;
import io.vaultkms.platform.component.ComponentSettings;
import io.vaultkms.platform.log.Assignment;
import io.vaultkms.platform.log.ConsumerSettings;
import io.vaultkms.platform.log.EventLog;
import io.vaultkms.platform.service.Program;
import io.vaultkms.platform.work.Burst;
import io.vaultkms.platform.work.LookLoop;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The program: reads the log, watches the nodes, keeps the status true and tells people. */
public final class HealthMonitor {
  private static final String NAME = "health-monitor";
  private static final Duration QUIET = Duration.ofMillis(200);
  private static final Duration LONGEST_BURST = Duration.ofSeconds(1);
  private static final Duration STUCK = Duration.ofMinutes(5);

  private HealthMonitor() {}

  public static void main(String[] arguments) {
    Program.main(
        NAME,
        arguments,
        System.getenv(),
        HealthMonitorConfig::read,
        HealthMonitorConfig::service,
        HealthMonitor::start);
  }

  private static void start(HealthMonitorConfig config, Program program) {
    KubernetesClient cluster = program.onStop(Clusters.connect(config.service().cluster()));
    EventLog log =
        program.onStop(EventLog.open(program.vertx(), config.log(), NAME, program.registry()));
    Burst burst = new Burst(QUIET, LONGEST_BURST);
    Assignment assignment = new Assignment(config.service().clusterId());
    Duty duty = new Duty(assignment);
    MonitorMetrics.active(program.registry(), duty);
    Map<String, Onlooker> onlookers = new ConcurrentHashMap<>();
    ComponentLoops loops =
        program.onStop(
            new ComponentLoops(
                NAME,
                config.components(),
                cluster,
                settings -> {
                  Onlooker onlooker = onlooker(config, program, settings, duty);
                  onlookers.put(settings.name(), onlooker);
                  return new LookLoop(
                      NAME + "-" + settings.name(),
                      config.service().resync(),
                      monitor(config, cluster, log, settings, onlooker, duty, burst)::look);
                }));
    loops.start();
    Runnable wake =
        () -> {
          burst.begin();
          loops.wake();
        };
    program.onStop(
        Watches.wake(
            "encryption nodes",
            cluster.genericKubernetesResources(Contract.ENCRYPTION_NODES),
            wake,
            wake));
    assignment.onChange(
        () -> {
          onlookers.values().forEach(onlooker -> onlooker.chronicle().anew());
          duty.decided();
          loops.wake();
        });
    program.onStop(
        log.consume(
            ConsumerSettings.defaults()
                .cluster(config.service().clusterId())
                .channels(Event.Channel.STORY, Event.Channel.TELEMETRY),
            assignment,
            received -> {
              Event event = received.event();
              MonitorMetrics.seen(program.registry(), event);
              Onlooker onlooker = onlookers.get(event.component());
              if (onlooker != null && onlooker.take(event)) {
                burst.begin();
                loops.wake(event.component());
              }
            }));
    program.health().ready("cluster", loops::problem);
    program.health().ready("log", log::problem);
    program.health().live("looks", () -> loops.stuck(STUCK));
  }

  /** What the events of one component go to. */
  private record Onlooker(Chronicle chronicle, MonitorMetrics metrics, Duty duty) {
    /**
     * Progress shows at once in the metrics, and in the status at the next look.
     *
     * @return whether to look now
     */
    boolean take(Event event) {
      if (!chronicle.take(event)) {
        return false;
      }
      return switch (event) {
        case Telemetry _ -> {
          if (duty.isOurs()) {
            metrics.show(chronicle.history());
          }
          yield false;
        }
        case Story _ -> true;
      };
    }
  }

  private static Onlooker onlooker(
      HealthMonitorConfig config, Program program, ComponentSettings settings, Duty duty) {
    return new Onlooker(
        new Chronicle(config.log(), config.service().clusterId(), settings.name()),
        new MonitorMetrics(program.registry(), settings.name(), Clock.systemUTC()),
        duty);
  }

  private static Monitor monitor(
      HealthMonitorConfig config,
      KubernetesClient cluster,
      EventLog log,
      ComponentSettings settings,
      Onlooker onlooker,
      Duty duty,
      Burst burst) {
    return new Monitor(
        new WantedReader(cluster),
        new Observer(cluster, settings, config.limits(), Clock.systemUTC()),
        new StatusObject(cluster, settings.name()),
        onlooker.chronicle(),
        duty,
        new Happenings(config.service().clusterId(), settings.name()),
        log.publisher()::publish,
        onlooker.metrics(),
        burst);
  }
}
