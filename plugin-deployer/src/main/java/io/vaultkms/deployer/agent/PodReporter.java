package io.vaultkms.deployer.agent;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.vaultkms.platform.cluster.Clusters;
import io.vaultkms.platform.cluster.Contract;
import io.vaultkms.platform.service.Program;
import io.vaultkms.platform.work.LookLoop;
import java.time.Clock;
import java.time.Duration;

/**
 * The program beside an API server in the pod of a Deployment. It changes nothing: it asks the
 * plugins for a round trip and its API server which file it uses, and reports both.
 */
public final class PodReporter {
  private static final String NAME = "reporter";

  private PodReporter() {}

  public static void main(String[] arguments) {
    Program.main(
        NAME,
        arguments,
        System.getenv(),
        PodReporterConfig::read,
        PodReporterConfig::service,
        PodReporter::start);
  }

  private static void start(PodReporterConfig config, Program program) {
    KubernetesClient cluster = program.onStop(Clusters.connect(config.service().cluster()));
    // What is asked never leaves the pod, and the certificate is for the Service's name.
    Config own =
        new ConfigBuilder(cluster.getConfiguration())
            .withMasterUrl(config.apiServer())
            .withTrustCerts(true)
            .withDisableHostnameVerification(true)
            .withRequestRetryBackoffLimit(0)
            .withRequestTimeout(10_000)
            .build();
    String name = Contract.podReport(config.component(), config.podName());
    PodLook look =
        new PodLook(
            config,
            new OwnApiServer(program.onStop(new KubernetesClientBuilder().withConfig(own).build())),
            new Reporter(cluster, name, config.probe()),
            Clock.systemUTC());
    LookLoop loop = program.onStop(new LookLoop(NAME, config.probe(), look::look).start());
    program.health().ready("cluster", loop::problem);
    program.health().live("looks", () -> loop.stuck(Duration.ofMinutes(5)));
  }
}
