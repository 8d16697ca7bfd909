package io.vaultkms.deployer;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import io.vaultkms.deployer.agent.NodeAgent;
import io.vaultkms.deployer.agent.PodPreflight;
import io.vaultkms.deployer.agent.PodReporter;
import io.vaultkms.deployer.contract.BundleSecrets;
import io.vaultkms.deployer.contract.ForeignSecrets;
import io.vaultkms.deployer.contract.KeySecrets;
import io.vaultkms.deployer.contract.LostSecrets;
import io.vaultkms.deployer.contract.PreflightRequests;
import io.vaultkms.deployer.rollout.DeploymentPods;
import io.vaultkms.deployer.rollout.RolloutWay;
import io.vaultkms.model.decision.Observation;
import io.vaultkms.model.event.Event;
import io.vaultkms.platform.cluster.Clusters;
import io.vaultkms.platform.cluster.Contract;
import io.vaultkms.platform.cluster.Observer;
import io.vaultkms.platform.cluster.WantedReader;
import io.vaultkms.platform.cluster.Watches;
import io.vaultkms.platform.component.ComponentLoops;
import io.vaultkms.platform.component.ComponentSettings;
import io.vaultkms.platform.component.Rollout;
import io.vaultkms.platform.log.ConsumerSettings;
import io.vaultkms.platform.log.EventLog;
import io.vaultkms.platform.service.Program;
import io.vaultkms.platform.work.LookLoop;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * The program: the service without arguments; with a first argument what runs beside API servers,
 * the node {@code agent}, the {@code reporter} of a pod, or the {@code preflight} in one.
 */
public final class PluginDeployer {
  private static final String NAME = "plugin-deployer";

  private PluginDeployer() {}

  public static void main(String[] arguments) {
    String program = arguments.length == 0 ? "" : arguments[0];
    switch (program) {
      case "agent" -> NodeAgent.main(Arrays.copyOfRange(arguments, 1, arguments.length));
      case "reporter" -> PodReporter.main(Arrays.copyOfRange(arguments, 1, arguments.length));
      case "preflight" -> PodPreflight.main(Arrays.copyOfRange(arguments, 1, arguments.length));
      default -> service(arguments, UnaryOperator.identity());
    }
  }

  /**
   * The service.
   *
   * @param telling what comes between it and the log; for the tests that end the process there
   */
  static void service(String[] arguments, UnaryOperator<Consumer<Event>> telling) {
    Program.main(
        NAME,
        arguments,
        System.getenv(),
        DeployerConfig::read,
        DeployerConfig::service,
        (config, program) -> start(config, telling, program));
  }

  private static void start(
      DeployerConfig config, UnaryOperator<Consumer<Event>> telling, Program program) {
    Clock clock = Clock.systemUTC();
    String clusterId = config.service().clusterId();
    KubernetesClient cluster = program.onStop(Clusters.connect(config.service().cluster()));
    EventLog log =
        program.onStop(EventLog.open(program.vertx(), config.log(), NAME, program.registry()));
    Consumer<Event> tell = telling.apply(log.publisher()::publish);
    ComponentLoops loops =
        program.onStop(
            new ComponentLoops(
                NAME,
                config.components(),
                cluster,
                settings ->
                    new LookLoop(
                        NAME + "-" + settings.name(),
                        config.service().resync(),
                        deployer(
                                clusterId,
                                settings,
                                config.limits(),
                                way(config, settings, cluster),
                                cluster,
                                tell,
                                program.registry(),
                                clock)
                            ::look),
                (settings, loop) -> watches(cluster, settings, loop)));
    loops.start();
    program.onStop(
        Watches.wake(
            "encryption nodes",
            cluster.genericKubernetesResources(Contract.ENCRYPTION_NODES),
            loops::wake));
    program.onStop(
        log.consume(
            ConsumerSettings.defaults().cluster(clusterId),
            received -> {
              if (received.event().clusterId().equals(clusterId)) {
                loops.wake(received.event().component());
              }
            }));
    program.health().ready("cluster", loops::problem);
    program.health().ready("log", log::problem);
    program.health().live("looks", () -> loops.stuck(Duration.ofMinutes(5)));
  }

  /** Pods that come and go, and a template that somebody else changes, are news. */
  private static List<AutoCloseable> watches(
      KubernetesClient cluster, ComponentSettings settings, LookLoop loop) {
    return switch (settings.rollout()) {
      case Rollout.StaticPods _ -> List.of();
      case Rollout.OfDeployment where ->
          List.of(
              Watches.wake(
                  "pods in " + where.namespace(),
                  cluster.pods().inNamespace(where.namespace()),
                  loop::wake),
              Watches.wake(
                  "Deployment " + where,
                  cluster
                      .apps()
                      .deployments()
                      .inNamespace(where.namespace())
                      .withName(where.name()),
                  loop::wake));
    };
  }

  private static BundleSecrets bundles(ComponentSettings settings, KubernetesClient cluster) {
    return new BundleSecrets(
        cluster, settings.name(), settings.namespace(), new KeySecrets(cluster, settings.name()));
  }

  private static RolloutWay way(
      DeployerConfig config, ComponentSettings settings, KubernetesClient cluster) {
    return switch (settings.rollout()) {
      case Rollout.StaticPods _ -> RolloutWay.AGENTS;
      case Rollout.OfDeployment where ->
          new DeploymentPods(
              cluster, bundles(settings, cluster), settings.name(), where, config.sidecars());
    };
  }

  /** One component's deployer, ready to look. */
  static Deployer deployer(
      String clusterId,
      ComponentSettings settings,
      Observation.Limits limits,
      RolloutWay way,
      KubernetesClient cluster,
      Consumer<Event> log,
      MeterRegistry metrics,
      Clock clock) {
    String component = settings.name();
    KeySecrets keys = new KeySecrets(cluster, component);
    BundleSecrets bundles = bundles(settings, cluster);
    Once once = new Once(log);
    return new Deployer(
        component,
        new WantedReader(cluster),
        new Observer(cluster, settings, limits, clock),
        keys,
        bundles,
        new LostSecrets(cluster, component, bundles, keys),
        new ForeignSecrets(cluster, component, bundles, keys),
        new PreflightRequests(cluster, component),
        way,
        new Story(
            clusterId,
            component,
            new KeyStory(clusterId, component, keys::reason, keys::restored, once, clock),
            once,
            clock),
        metrics,
        clock);
  }
}
