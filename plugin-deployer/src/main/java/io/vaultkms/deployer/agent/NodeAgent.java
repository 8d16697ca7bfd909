package io.vaultkms.deployer.agent;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.vaultkms.platform.cluster.Clusters;
import io.vaultkms.platform.cluster.Contract;
import io.vaultkms.platform.cluster.Watches;
import io.vaultkms.platform.service.Program;
import io.vaultkms.platform.work.LookLoop;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/**
 * The program on a control-plane node. It needs the cluster's API and the host's files, and no
 * Kafka: the services read what it reports.
 */
public final class NodeAgent {
  private static final String NAME = "node-agent";

  private NodeAgent() {}

  public static void main(String[] arguments) {
    run(arguments, HostFiles.PLAIN);
  }

  /** The same with a way of writing files that a test chooses. */
  static void run(String[] arguments, HostFiles files) {
    Program.main(
        NAME,
        arguments,
        System.getenv(),
        AgentConfig::read,
        AgentConfig::service,
        (config, program) -> start(config, files, program));
  }

  private static void start(AgentConfig config, HostFiles files, Program program) {
    Clock clock = Clock.systemUTC();
    KubernetesClient cluster = program.onStop(Clusters.connect(config.service().cluster()));
    Config own =
        new ConfigBuilder(cluster.getConfiguration())
            .withMasterUrl(config.apiServer())
            .withRequestRetryBackoffLimit(0)
            .withRequestTimeout(10_000)
            .build();
    OwnApiServer apiServer =
        new OwnApiServer(program.onStop(new KubernetesClientBuilder().withConfig(own).build()));
    LazyLook look =
        new LazyLook(
            new StaleSockets(files, config.paths()),
            () ->
                new NodeLook(
                    cluster,
                    config,
                    files,
                    apiServer,
                    new Reporter(cluster, config.nodeName(), config.probe()),
                    clock));
    LookLoop loop = program.onStop(new LookLoop(NAME, config.probe(), look::look).start());
    for (String name :
        List.of(
            Contract.bundleSecret(config.component()),
            Contract.preflightSecret(config.component()))) {
      program.onStop(
          Watches.wake(
              name,
              cluster.secrets().inNamespace(Contract.MANAGED_NAMESPACE).withName(name),
              loop::wake));
    }
    program.health().ready("cluster", loop::problem);
    program.health().live("looks", () -> loop.stuck(Duration.ofMinutes(5)));
  }
}
