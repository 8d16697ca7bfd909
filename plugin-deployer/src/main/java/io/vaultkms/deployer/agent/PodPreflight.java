package io.vaultkms.deployer.agent;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.vaultkms.platform.cluster.Clusters;
import io.vaultkms.platform.cluster.Contract;
import io.vaultkms.platform.service.Program;
import io.vaultkms.platform.work.LookLoop;
import java.time.Clock;
import java.time.Duration;

/** The program of a preflight's pod: asks the candidate beside it, and gives the verdict. */
public final class PodPreflight {
  private static final String NAME = "preflight";

  private PodPreflight() {}

  public static void main(String[] arguments) {
    Program.main(
        NAME,
        arguments,
        System.getenv(),
        PodPreflightConfig::read,
        PodPreflightConfig::service,
        PodPreflight::start);
  }

  private static void start(PodPreflightConfig config, Program program) {
    KubernetesClient cluster = program.onStop(Clusters.connect(config.service().cluster()));
    CandidateLook look =
        new CandidateLook(
            config,
            new Reporter(cluster, Contract.preflightReport(config.component()), config.probe()),
            Clock.systemUTC());
    LookLoop loop = program.onStop(new LookLoop(NAME, config.probe(), look::look).start());
    program.health().ready("cluster", loop::problem);
    program.health().live("looks", () -> loop.stuck(Duration.ofMinutes(5)));
  }
}
