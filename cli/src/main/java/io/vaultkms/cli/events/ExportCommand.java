package io.vaultkms.cli.events;

import io.vaultkms.cli.command.ClusterIdOptions;
import io.vaultkms.cli.command.CommandFailed;
import io.vaultkms.cli.command.LogOptions;
import io.vaultkms.platform.log.Decoded;
import io.vaultkms.platform.log.EventExport;
import io.vaultkms.platform.log.EventReader;
import io.vaultkms.platform.log.LogEntry;
import io.vaultkms.platform.log.ReadFrom;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Writes the log, as it is now, as CloudEvents. */
@Command(
    name = "export",
    header = "Writes the event log as CloudEvents, one in JSON on each line.",
    description = {
      "Ends with the log as it was at the start. The events of one cluster are in their order.",
      "",
      "Records that cannot be decoded are written too, as io.vaultkms.Undecodable.v1 with the"
          + " record's bytes; the exit code is then 3.",
    })
final class ExportCommand implements Callable<Integer> {
  private static final int SOME_UNDECODABLE = 3;

  @Spec private CommandSpec spec;
  @Mixin private LogOptions log;
  @Mixin private ClusterIdOptions clusters;
  @Mixin private TelemetryOption telemetry;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "where to write (standard output); the file appears when it is whole")
  private @Nullable Path output;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "only what was written at that time or later: 10m (ago), or RFC 3339")
  private @Nullable Instant since;

  @Option(
      names = "--until",
      paramLabel = "TIME",
      description = "only what was written before that time")
  private @Nullable Instant until;

  private long written;
  private long undecodable;

  @Override
  public Integer call() {
    if (output == null) {
      PrintWriter out = spec.commandLine().getOut();
      export(
          line -> {
            out.println(line);
            // Asking flushes: not for every line.
            if (written % 256 == 0) {
              checkOpen(out);
            }
          });
      checkOpen(out);
    } else {
      exportTo(output);
    }
    if (undecodable > 0) {
      spec.commandLine()
          .getErr()
          .printf("%,d of %,d records cannot be decoded%n", undecodable, written);
    }
    return undecodable > 0 ? SOME_UNDECODABLE : 0;
  }

  private static void checkOpen(PrintWriter out) {
    if (out.checkError()) {
      throw new CommandFailed("standard output was closed before the end of the log");
    }
  }

  private interface Lines {
    void write(String line) throws IOException;
  }

  private void exportTo(Path file) {
    try (WholeFile whole = WholeFile.begin(file)) {
      export(line -> whole.writer().append(line).append('\n'));
      whole.complete();
    } catch (IOException | UncheckedIOException e) {
      throw new CommandFailed("--output '%s' cannot be written: %s".formatted(file, reason(e)));
    }
    spec.commandLine().getErr().printf("%,d events are in %s%n", written, file);
  }

  private static String reason(Exception e) {
    Throwable cause = e instanceof UncheckedIOException ? e.getCause() : e;
    return cause.getClass().getSimpleName() + " " + cause.getMessage();
  }

  private void export(Lines lines) {
    ReadFrom from = since == null ? new ReadFrom.Beginning() : new ReadFrom.Time(since);
    try (EventReader reader = EventReader.open(log.settings(), "events-export")) {
      reader.read(telemetry.topics(), from, entry -> export(entry, lines));
    }
  }

  private void export(LogEntry entry, Lines lines) {
    if (!clusters.concerns(entry) || !isInTime(entry.recordTime())) {
      return;
    }
    try {
      lines.write(EventExport.line(entry));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    written++;
    if (entry.decoded() instanceof Decoded.Undecodable) {
      undecodable++;
    }
  }

  private boolean isInTime(Instant time) {
    return (since == null || !time.isBefore(since)) && (until == null || time.isBefore(until));
  }
}
