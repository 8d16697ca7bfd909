package io.vaultkms.deployer.agent;

import io.vaultkms.deployer.agent.Probe.Result;
import io.vaultkms.model.node.NodeReport;
import io.vaultkms.model.node.NodeReport.PreflightReport;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One look at the candidate in a preflight's pod. A no is believed when the plugin has said it
 * several times, or has not answered for long; it is asked again after that, since what is wrong
 * may be mended in Vault, where nobody tells us. A yes stands. For one thread.
 */
final class CandidateLook {
  private static final Duration START_LIMIT = Duration.ofSeconds(30);
  private static final int ANSWERS_BELIEVED = 3;

  private final PodPreflightConfig config;
  private final Reporter reporter;
  private final Clock clock;
  private final Instant started;
  private final Probe probe = new Probe();
  private @Nullable PreflightReport verdict;
  private int refusals;

  CandidateLook(PodPreflightConfig config, Reporter reporter, Clock clock) {
    this.config = config;
    this.reporter = reporter;
    this.clock = clock;
    this.started = clock.instant();
  }

  Duration look() {
    if (verdict == null || !verdict.passed()) {
      verdict = after(probe.ask(config.socket()));
    }
    if (verdict != null) {
      reporter.report(report(verdict));
    }
    return verdict != null && verdict.passed() ? config.probe() : config.poll();
  }

  private @Nullable PreflightReport after(Result result) {
    return switch (result) {
      case Result.Passed passed ->
          new PreflightReport(
              config.requestId(),
              config.hash(),
              true,
              "",
              "",
              passed.remoteKeyId(),
              passed.statusMillis(),
              passed.encryptMillis(),
              passed.decryptMillis(),
              clock.instant());
      case Result.Failed failed -> refused(failed);
    };
  }

  private @Nullable PreflightReport refused(Result.Failed failed) {
    refusals = failed.reachable() ? refusals + 1 : 0;
    boolean late = clock.instant().isAfter(started.plus(START_LIMIT));
    boolean known = verdict != null && verdict.reason().equals(failed.reason());
    if (known || refusals < ANSWERS_BELIEVED && !late) {
      return verdict;
    }
    return new PreflightReport(
        config.requestId(),
        config.hash(),
        false,
        failed.step(),
        failed.reason(),
        null,
        0,
        0,
        0,
        clock.instant());
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
