package io.vaultkms.deployer.agent;

import io.vaultkms.deployer.agent.Probe.Result;
import io.vaultkms.model.node.NodeReport.PreflightReport;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a candidate's answers to one request come to. A no is believed when somebody who knows has
 * said it several times, or when nobody has said anything for long; it may be taken back, since
 * what is wrong may be mended in Vault, where nobody tells us. For one thread.
 */
final class Verdict {
  /** How long a plugin may take until it answers at all. */
  private static final Duration START_LIMIT = Duration.ofSeconds(30);

  /** How many times a plugin, or the kubelet for it, must say no before it is believed. */
  private static final int ANSWERS_BELIEVED = 3;

  private final String requestId;
  private final String hash;
  private final Clock clock;
  private final Instant started;
  private @Nullable PreflightReport report;
  private int refusals;

  /** Begins now. */
  Verdict(String requestId, String hash, Clock clock) {
    this.requestId = requestId;
    this.hash = hash;
    this.clock = clock;
    this.started = clock.instant();
  }

  String requestId() {
    return requestId;
  }

  /** Missing while nothing is known. */
  @Nullable PreflightReport report() {
    return report;
  }

  boolean passed() {
    return report != null && report.passed();
  }

  /**
   * Takes one more answer.
   *
   * @return whether the verdict is another one now
   */
  boolean hear(Result result) {
    return switch (result) {
      case Result.Passed passed -> {
        report =
            new PreflightReport(
                requestId,
                hash,
                true,
                "",
                "",
                passed.remoteKeyId(),
                passed.statusMillis(),
                passed.encryptMillis(),
                passed.decryptMillis(),
                clock.instant());
        yield true;
      }
      case Result.Failed failed -> refused(failed);
    };
  }

  private boolean refused(Result.Failed failed) {
    refusals = failed.definite() ? refusals + 1 : 0;
    boolean late = clock.instant().isAfter(started.plus(START_LIMIT));
    boolean known = report != null && report.reason().equals(failed.reason());
    if (known || refusals < ANSWERS_BELIEVED && !late) {
      return false;
    }
    report =
        new PreflightReport(
            requestId, hash, false, failed.step(), failed.reason(), null, 0, 0, 0, clock.instant());
    return true;
  }
}
