package io.vaultkms.cli.replay;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vaultkms.cli.command.CommandFailed;
import io.vaultkms.cli.command.LogOptions;
import io.vaultkms.cli.command.Nearest;
import io.vaultkms.cli.command.Surroundings;
import io.vaultkms.model.event.ReplayFinished;
import io.vaultkms.model.event.ReplayRequested;
import io.vaultkms.platform.json.Json;
import io.vaultkms.platform.log.EventSender;
import io.vaultkms.platform.log.LogSettings;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Asks a service to handle a stretch of the log again, and waits until it has. */
@Command(
    name = "replay",
    header = "Makes a service handle a stretch of a cluster's events again.",
    description = {
      "That is harmless: services look at the cluster and do what is left to do.",
      "",
      "Exit codes: 0 all handled, 1 not finished in time or some could not be handled.",
    })
public final class ReplayCommand implements Callable<Integer> {
  private final Clock clock;

  @Spec private CommandSpec spec;
  @Mixin private LogOptions log;

  @Option(
      names = "--cluster",
      paramLabel = "ID",
      defaultValue = "local",
      description = "whose events ($CLUSTER_ID; ${DEFAULT-VALUE})")
  private String cluster = "";

  @Option(
      names = "--service",
      paramLabel = "NAME",
      required = true,
      description = "plugin-deployer, migrator or health-monitor")
  private String service = "";

  @ArgGroup(multiplicity = "1")
  private Begin begin;

  /** Where the stretch begins. */
  static final class Begin {
    @Option(
        names = "--from-offset",
        paramLabel = "N",
        description = "first offset in the partition of the cluster")
    private @Nullable Long offset;

    @Option(
        names = "--since",
        paramLabel = "TIME",
        description = "begin with what was written since: 10m (ago), or RFC 3339")
    private @Nullable Instant since;
  }

  @Option(
      names = "--to-offset",
      paramLabel = "N",
      description = "last offset, itself included (the end of the log)")
  private long to = Long.MAX_VALUE;

  @Option(
      names = "--wait",
      paramLabel = "TIME",
      defaultValue = "60s",
      description = "how long to wait for the service (${DEFAULT-VALUE})")
  private Duration wait;

  @Option(names = "--json", description = "print one JSON document")
  private boolean json;

  private ReplayCommand(Surroundings surroundings) {
    this.clock = surroundings.clock();
  }

  @Override
  public Integer call() {
    check();
    LogSettings settings = log.settings();
    Optional<Stretch> stretch =
        begin.since == null
            ? Optional.of(new Stretch(begin.offset, to))
            : Stretch.since(begin.since, to, cluster, settings);
    if (stretch.isEmpty()) {
      throw new CommandFailed(
          "the log has nothing of cluster '%s' since %s".formatted(cluster, begin.since));
    }
    ReplayRequested request = request(stretch.get());
    ReplayFinished finished = replay(request, settings);
    print(request, finished);
    return finished.failed() == 0 ? 0 : 1;
  }

  private void check() {
    if (service.equals(Services.WITHOUT_EVENTS)) {
      refuse(
          "--service '%s' reads no events: must be one of %s"
              .formatted(service, String.join(", ", Services.NAMES)));
    }
    if (!Services.NAMES.contains(service)) {
      refuse(
          "--service '%s' must be one of %s%s"
              .formatted(
                  service,
                  String.join(", ", Services.NAMES),
                  Nearest.to(service, Services.NAMES)
                      .map(nearest -> "; did you mean " + nearest + "?")
                      .orElse("")));
    }
    if (cluster.isBlank()) {
      refuse("--cluster must not be empty");
    }
    if (begin.offset != null && begin.offset < 0) {
      refuse("--from-offset '" + begin.offset + "' must be 0 or more");
    }
    if (begin.offset != null && to < begin.offset) {
      refuse("--to-offset '%d' must be %d, the first offset, or more".formatted(to, begin.offset));
    }
  }

  private void refuse(String sentence) {
    throw new ParameterException(spec.commandLine(), sentence);
  }

  private ReplayRequested request(Stretch stretch) {
    return new ReplayRequested(
        cluster,
        "",
        clock.instant(),
        UUID.randomUUID().toString(),
        service,
        stretch.from(),
        stretch.to());
  }

  private ReplayFinished replay(ReplayRequested request, LogSettings settings) {
    try (EventSender sender = EventSender.open(settings, "cli")) {
      sender.send(request);
    }
    return FinishedReplay.await(settings, request.requestId(), request.time(), wait)
        .orElseThrow(
            () ->
                new CommandFailed(
                    "%s has not finished replay %s of cluster '%s' within %s: is it running?"
                        .formatted(
                            service, request.requestId(), cluster, wait.toSeconds() + " s")));
  }

  private void print(ReplayRequested request, ReplayFinished finished) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      ObjectNode document = Json.MAPPER.createObjectNode();
      document.put("requestId", request.requestId());
      document.put("cluster", cluster);
      document.put("service", service);
      document.put("fromOffset", request.fromOffset());
      document.put("handled", finished.handled());
      document.put("failed", finished.failed());
      out.println(document);
    } else {
      out.printf(
          "%s: from offset %d on, events handled again: %,d; not handled: %,d%n",
          service, request.fromOffset(), finished.handled(), finished.failed());
    }
  }
}
