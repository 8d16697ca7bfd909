package io.vaultkms.deployer.agent;

import io.vaultkms.model.node.NodeReport;
import io.vaultkms.model.node.NodeReport.PreflightReport;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/** One look at the candidate in a preflight's pod, until it has passed. For one thread. */
final class CandidateLook {
  private final PodPreflightConfig config;
  private final Reporter reporter;
  private final Clock clock;
  private final Probe probe = new Probe();
  private final Verdict verdict;

  CandidateLook(PodPreflightConfig config, Reporter reporter, Clock clock) {
    this.config = config;
    this.reporter = reporter;
    this.clock = clock;
    this.verdict = new Verdict(config.requestId(), config.hash(), clock);
  }

  Duration look() {
    if (!verdict.passed()) {
      verdict.hear(probe.ask(config.socket(), Credentials::tokensOut));
    }
    if (verdict.report() != null) {
      reporter.report(report(verdict.report()));
    }
    return verdict.passed() ? config.probe() : config.poll();
  }

  private NodeReport report(PreflightReport said) {
    return new NodeReport(
        config.component(),
        0,
        0,
        null,
        null,
        false,
        List.of(),
        said,
        clock.instant(),
        said.passed() ? "" : "preflight: " + said.step() + ": " + said.reason());
  }
}
