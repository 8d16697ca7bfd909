package io.vaultkms.migrator.run;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;

/**
 * Whether a run is this replica's to do. Another one that has the work may be cut off from the
 * cluster, or be that of another cluster with the same id: so a run that is still to be done after
 * a while is done here as well, which harms nothing. From any thread.
 */
final class Turn {
  private final BooleanSupplier elsewhere;
  private final Duration patience;
  private final Clock clock;
  private String waitingFor = "";
  private Instant since = Instant.EPOCH;

  /**
   * @param elsewhere whether another replica has the work
   * @param patience how long it is left alone with one run
   */
  Turn(BooleanSupplier elsewhere, Duration patience, Clock clock) {
    this.elsewhere = elsewhere;
    this.patience = patience;
    this.clock = clock;
  }

  boolean elsewhere() {
    return elsewhere.getAsBoolean();
  }

  /** Whether the run, which is to be done, is left to another replica for now. */
  synchronized boolean standsBy(String run) {
    if (!elsewhere()) {
      waitingFor = "";
      return false;
    }
    Instant now = clock.instant();
    if (!run.equals(waitingFor)) {
      waitingFor = run;
      since = now;
    }
    return now.isBefore(since.plus(patience));
  }
}
