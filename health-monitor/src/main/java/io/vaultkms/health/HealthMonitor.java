package io.vaultkms.health;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.vaultkms.health.status.Happenings;
import io.vaultkms.model.decision.Component;
import io.vaultkms.model.decision.Observation;
import io.vaultkms.model.event.Event;
import io.vaultkms.model.event.Story;
import io.vaultkms.model.event.Telemetry;
import io.vaultkms.platform.cluster.Clusters;
import io.vaultkms.platform.cluster.Contract;
import io.vaultkms.platform.cluster.Observer;
import io.vaultkms.platform.cluster.WantedReader;
import io.vaultkms.platform.cluster.Watches;
import io.vaultkms.platform.log.ConsumerSettings;
import io.vaultkms.platform.log.EventLog;
import io.vaultkms.platform.service.Program;
import io.vaultkms.platform.work.Burst;
import io.vaultkms.platform.work.LookLoop;
import java.time.Clock;
import java.time.Duration;

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
    Component component = Component.KUBE_APISERVER;
    String clusterId = config.service().clusterId();
    Clock clock = Clock.systemUTC();
    KubernetesClient cluster = program.onStop(Clusters.connect(config.service().cluster()));
    EventLog log =
        program.onStop(EventLog.open(program.vertx(), config.log(), NAME, program.registry()));
    MonitorMetrics metrics = new MonitorMetrics(program.registry(), component.name(), clock);
    Chronicle chronicle = new Chronicle(config.log(), clusterId, component.name());
    Burst burst = new Burst(QUIET, LONGEST_BURST);
    Monitor monitor =
        new Monitor(
            new WantedReader(cluster),
            new Observer(cluster, component, Observation.Limits.DEFAULT, clock),
            new StatusObject(cluster, component.name()),
            chronicle,
            new Happenings(clusterId, component.name()),
            log.publisher()::publish,
            metrics,
            burst);
    LookLoop loop =
        program.onStop(new LookLoop(NAME, config.service().resync(), monitor::look).start());
    Runnable wake =
        () -> {
          burst.begin();
          loop.wake();
        };
    program.onStop(
        Watches.wake(
            "encryption nodes",
            cluster.genericKubernetesResources(Contract.ENCRYPTION_NODES),
            wake,
            wake));
    program.onStop(
        log.consume(
            ConsumerSettings.defaults().channels(Event.Channel.STORY, Event.Channel.TELEMETRY),
            received -> take(received.event(), chronicle, metrics, wake)));
    program.health().ready("cluster", loop::problem);
    program.health().ready("log", log::problem);
    program.health().live("looks", () -> loop.stuck(STUCK));
  }

  /** Progress shows at once in the metrics, and in the status at the next look. */
  private static void take(
      Event event, Chronicle chronicle, MonitorMetrics metrics, Runnable wake) {
    metrics.seen(event);
    if (!chronicle.take(event)) {
      return;
    }
    switch (event) {
      case Telemetry _ -> metrics.show(chronicle.history());
      case Story _ -> wake.run();
    }
  }
}
