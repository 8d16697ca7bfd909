package io.vaultkms.cli.plan;

import io.vaultkms.model.status.StatusReport;
import io.vaultkms.model.status.StatusReport.Run;
import java.time.Duration;
import java.util.Optional;

/**
 * How fast data was rewritten here.
 *
 * @param objectsPerSecond of a whole run, its waits included
 * @param run which run
 */
record MeasuredRate(double objectsPerSecond, String run) {

  /** That of the newest run that came to its end; empty when none has. */
  static Optional<MeasuredRate> of(StatusReport status) {
    return status.runs().stream().flatMap(run -> of(run).stream()).findFirst();
  }

  private static Optional<MeasuredRate> of(Run run) {
    if (run.startedTime() == null || run.finishedTime() == null || run.done() == 0) {
      return Optional.empty();
    }
    Duration took = Duration.between(run.startedTime(), run.finishedTime());
    return took.isPositive()
        ? Optional.of(new MeasuredRate(run.done() * 1000.0 / took.toMillis(), run.id()))
        : Optional.empty();
  }

  /** Seconds for that many objects, rounded up. */
  long secondsFor(long objects) {
    return (long) Math.ceil(objects / objectsPerSecond);
  }
}
