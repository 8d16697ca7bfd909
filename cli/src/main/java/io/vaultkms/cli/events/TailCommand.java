package io.vaultkms.cli.events;

import io.vaultkms.cli.command.ClusterIdOptions;
import io.vaultkms.cli.command.LogOptions;
import io.vaultkms.platform.log.EventReader;
import io.vaultkms.platform.log.ReadFrom;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Follows the log until it is interrupted. */
@Command(
    name = "tail",
    header = "Follows the event log.",
    description =
        "One line for each event, with its time (UTC), its type, what it happened to, and a"
            + " sentence.")
final class TailCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private LogOptions log;
  @Mixin private ClusterIdOptions clusters;
  @Mixin private TelemetryOption telemetry;
  @ArgGroup private @Nullable Start start;

  /** Where to begin; with what comes next if neither is said. */
  static final class Start {
    @Option(names = "--from-beginning", description = "begin with the oldest event")
    private boolean beginning;

    @Option(
        names = "--since",
        paramLabel = "TIME",
        description = "begin with what was written since: 10m (ago), or 2026-11-23T12:00:00Z")
    private @Nullable Instant since;

    ReadFrom from() {
      return since == null ? new ReadFrom.Beginning() : new ReadFrom.Time(since);
    }
  }

  @Option(
      names = "--type",
      paramLabel = "TYPE",
      split = ",",
      description = "only events of this type, such as KeyCreated; may be given several times")
  private List<String> types = List.of();

  @Option(names = "--count", paramLabel = "N", description = "end after N events")
  private @Nullable Long count;

  @Option(names = "--json", description = "each event as a CloudEvent in JSON on one line")
  private boolean json;

  private long printed;

  @Override
  public Integer call() {
    if (count != null && count < 1) {
      throw new ParameterException(spec.commandLine(), "--count '" + count + "' must be 1 or more");
    }
    EventTypeFilter wanted = EventTypeFilter.of(types, spec.commandLine());
    EventLine line = json ? EventLine.cloudEvent() : EventLine.readable(clusters.cluster());
    PrintWriter out = spec.commandLine().getOut();
    try (EventReader reader = EventReader.open(log.settings(), "events-tail")) {
      reader.follow(
          telemetry.topics(),
          start == null ? new ReadFrom.End() : start.from(),
          entry -> {
            if (clusters.concerns(entry) && wanted.takes(entry)) {
              out.println(line.of(entry));
              printed++;
            }
            // Nobody reads any more once the other end of a pipe is gone.
            if (out.checkError() || (count != null && printed >= count)) {
              reader.stop();
            }
          });
    }
    return 0;
  }
}
