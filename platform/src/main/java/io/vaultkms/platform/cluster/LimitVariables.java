package io.vaultkms.platform.cluster;

import io.vaultkms.model.decision.Observation.Limits;
import io.vaultkms.platform.env.Variables;

/** The limits of an observation that people may set; everyone who acts on one has to be told it. */
public final class LimitVariables {
  private LimitVariables() {}

  public static Limits read(Variables variables) {
    return Limits.DEFAULT.withStalledRollout(
        variables.duration(
            "ROLLOUT_STALLED_AFTER",
            Limits.DEFAULT.stalledRollout(),
            "how long a rollout or a preflight may make no progress on any node"));
  }
}
