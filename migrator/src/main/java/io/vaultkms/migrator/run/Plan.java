package io.vaultkms.migrator.run;

import io.vaultkms.model.decision.Observation;
import io.vaultkms.model.decision.Step.Migrate;
import io.vaultkms.model.decision.Step.MigrationReason;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What a run is to do, and what it rests on; derived from what was seen, so that a run which is
 * taken up again has the same name.
 *
 * @param run the run's name
 * @param remoteKey what is noted as the remote key that data is under
 * @param begun when it was seen that it is to be done
 * @param markDue from when on a list's resource version parts the old from the new
 */
record Plan(
    String run,
    Migrate step,
    Situation situation,
    Optional<String> remoteKey,
    Instant markDue,
    Instant begun) {

  /** Empty when not every API server writes with the key just now. */
  static Optional<Plan> of(Migrate step, Observation seen, Duration requestTimeout) {
    return Situation.of(seen)
        .map(
            situation -> {
              Optional<String> remoteKey = RemoteKey.of(seen, step.keyId());
              return new Plan(
                  name(step, situation, remoteKey),
                  step,
                  situation,
                  remoteKey,
                  since(step, seen, situation).plus(requestTimeout),
                  seen.now());
            });
  }

  private static Instant since(Migrate step, Observation seen, Situation situation) {
    Instant converged = situation.allSince(seen.now());
    return switch (step.reason()) {
      case NEW_KEY -> converged;
      case REMOTE_ROTATION -> {
        Instant rotated = RemoteKey.settledSince(seen, step.keyId());
        yield rotated.isAfter(converged) ? rotated : converged;
      }
    };
  }

  private static String name(Migrate step, Situation situation, Optional<String> remoteKey) {
    String key = "key-%d-revision-%d".formatted(step.keyId(), situation.revision());
    return switch (step.reason()) {
      case NEW_KEY -> key;
      case REMOTE_ROTATION ->
          "%s-remote-%s".formatted(key, HexFormat.of().toHexDigits(remoteKey.hashCode()));
    };
  }

  MigrationReason reason() {
    return step.reason();
  }
}
