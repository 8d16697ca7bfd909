package io.vaultkms.deployer;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.vaultkms.deployer.agent.NodeAgent;
import io.vaultkms.deployer.contract.BundleSecrets;
import io.vaultkms.deployer.contract.KeySecrets;
import io.vaultkms.deployer.contract.PreflightRequests;
import io.vaultkms.model.decision.Component;
import io.vaultkms.model.decision.Observation;
import io.vaultkms.platform.cluster.Clusters;
import io.vaultkms.platform.cluster.Contract;
import io.vaultkms.platform.cluster.Observer;
import io.vaultkms.platform.cluster.WantedReader;
import io.vaultkms.platform.cluster.Watches;
import io.vaultkms.platform.log.ConsumerSettings;
import io.vaultkms.platform.log.EventLog;
import io.vaultkms.platform.service.Program;
import io.vaultkms.platform.work.LookLoop;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;

/**
 * The program: the service without arguments, and the node agent with {@code agent} as the first.
 */
public final class PluginDeployer {
  private static final String NAME = "plugin-deployer";

  private PluginDeployer() {}

  public static void main(String[] arguments) {
    if (arguments.length > 0 && arguments[0].equals("agent")) {
      NodeAgent.main(Arrays.copyOfRange(arguments, 1, arguments.length));
      return;
    }
    Program.main(
        NAME,
        arguments,
        System.getenv(),
        DeployerConfig::read,
        DeployerConfig::service,
        PluginDeployer::start);
  }

  private static void start(DeployerConfig config, Program program) {
    Component component = Component.KUBE_APISERVER;
    Clock clock = Clock.systemUTC();
    KubernetesClient cluster = program.onStop(Clusters.connect(config.service().cluster()));
    EventLog log =
        program.onStop(EventLog.open(program.vertx(), config.log(), NAME, program.registry()));
    KeySecrets keys = new KeySecrets(cluster, component.name());
    Deployer deployer =
        new Deployer(
            new WantedReader(cluster),
            new Observer(cluster, component, Observation.Limits.DEFAULT, clock),
            keys,
            new BundleSecrets(cluster, component.name(), keys),
            new PreflightRequests(cluster, component.name()),
            new Story(
                config.service().clusterId(),
                component.name(),
                keys::reason,
                log.publisher(),
                clock),
            program.registry(),
            clock);
    LookLoop loop =
        program.onStop(new LookLoop(NAME, config.service().resync(), deployer::look).start());
    program.onStop(
        Watches.wake(
            "encryption nodes",
            cluster.genericKubernetesResources(Contract.ENCRYPTION_NODES),
            loop::wake));
    program.onStop(log.consume(ConsumerSettings.defaults(), event -> loop.wake()));
    program.health().ready("cluster", loop::problem);
    program.health().ready("log", log::problem);
    program.health().live("looks", () -> loop.stuck(Duration.ofMinutes(5)));
  }
}
