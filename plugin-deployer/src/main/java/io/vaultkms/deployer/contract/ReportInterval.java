package io.vaultkms.deployer.contract;

import io.vaultkms.platform.env.Variables;
import java.time.Duration;

/**
 * How often those beside API servers probe and report when nothing is under way, as they and the
 * deployer are told it. Who is silent for two minutes counts as not converged, so that a few
 * reports may be lost on the way and no more.
 */
public final class ReportInterval {
  private static final Duration MOST = Duration.ofSeconds(30);

  private ReportInterval() {}

  public static Duration read(Variables variables, String name, String meaning) {
    return variables.duration(
        name,
        MOST,
        MOST,
        "must be at most 30s, since who has not reported for 2m counts as silent",
        meaning);
  }
}
