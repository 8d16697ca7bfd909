package io.vaultkms.configwatcher;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.Counter;
import io.vaultkms.platform.cluster.Clusters;
import io.vaultkms.platform.cluster.Contract;
import io.vaultkms.platform.cluster.WantedReader;
import io.vaultkms.platform.cluster.Watches;
import io.vaultkms.platform.component.ComponentLoops;
import io.vaultkms.platform.log.EventLog;
import io.vaultkms.platform.service.Program;
import io.vaultkms.platform.work.Burst;
import io.vaultkms.platform.work.LookLoop;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/** The program: watches the wanted configuration, judges it and tells what changed. */
public final class ConfigWatcher {
  private static final String NAME = "config-watcher";
  private static final Duration QUIET = Duration.ofMillis(200);
  private static final Duration LONGEST_BURST = Duration.ofMillis(600);
  private static final Duration STUCK = Duration.ofMinutes(5);

  private ConfigWatcher() {}

  public static void main(String[] arguments) {
    Program.main(
        NAME,
        arguments,
        System.getenv(),
        ConfigWatcherConfig::read,
        ConfigWatcherConfig::service,
        ConfigWatcher::start);
  }

  private static void start(ConfigWatcherConfig config, Program program) {
    String clusterId = config.service().clusterId();
    Clock clock = Clock.systemUTC();
    KubernetesClient cluster = program.onStop(Clusters.connect(config.service().cluster()));
    EventLog log =
        program.onStop(EventLog.open(program.vertx(), config.log(), NAME, program.registry()));
    Counter watchRestarts = WatcherMetrics.watchRestarts(program.registry());
    Burst burst = new Burst(QUIET, LONGEST_BURST);
    AtomicReference<ComponentLoops> loops = new AtomicReference<>();
    Runnable wake =
        () -> {
          burst.begin();
          loops.get().wake();
        };
    // A watch that is lost may be a cluster that is lost: the look says so on /readyz.
    Runnable lost =
        () -> {
          watchRestarts.increment();
          wake.run();
        };
    ReferenceWatches references = program.onStop(new ReferenceWatches(cluster, wake, lost));
    loops.set(
        new ComponentLoops(
            NAME,
            config.components(),
            cluster,
            settings -> {
              String component = settings.name();
              Watcher watcher =
                  new Watcher(
                      new WantedReader(cluster),
                      references,
                      burst,
                      new Verdict(clusterId, component),
                      new ToldBefore(config.log(), clusterId, component, clock)::read,
                      log.publisher()::publish,
                      new WatcherMetrics(program.registry(), component),
                      clock);
              return new LookLoop(NAME + "-" + component, config.service().resync(), watcher::look);
            }));
    program.onStop(loops.get()).start();
    program.onStop(
        Watches.wake(
            "APIServer " + Contract.API_SERVER_NAME,
            cluster
                .genericKubernetesResources(Contract.API_SERVERS)
                .withName(Contract.API_SERVER_NAME),
            wake,
            lost));
    program.health().ready("cluster", loops.get()::problem);
    program.health().ready("log", log::problem);
    program.health().live("looks", () -> loops.get().stuck(STUCK));
  }
}
