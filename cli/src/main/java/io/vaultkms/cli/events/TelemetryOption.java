package io.vaultkms.cli.events;

import io.vaultkms.platform.log.Topics;
import java.util.Set;
import picocli.CommandLine.Option;

/** Which topics are read. */
final class TelemetryOption {
  @Option(
      names = "--telemetry",
      description = "also what is kept for a day only, such as the progress of migrations")
  private boolean telemetry;

  Set<String> topics() {
    return telemetry ? Set.of(Topics.EVENTS, Topics.TELEMETRY) : Set.of(Topics.EVENTS);
  }
}
