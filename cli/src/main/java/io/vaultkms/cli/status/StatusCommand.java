package io.vaultkms.cli.status;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.vaultkms.cli.command.KubernetesOptions;
import io.vaultkms.cli.command.Surroundings;
import io.vaultkms.platform.json.Json;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Shows how the encryption of a cluster stands. */
@Command(
    name = "status",
    header = "Shows how the encryption of a cluster stands.",
    description = {
      "Read from the EncryptionStatus and EncryptionNode objects, which the services keep true.",
      "",
      "Exit codes: 0 settled, 1 the cluster did not answer, 3 in progress, 4 needs attention"
          + " (rejected, blocked or degraded).",
    })
public final class StatusCommand implements Callable<Integer> {
  /** Clears a terminal and begins at its top. */
  private static final String CLEAR = "\033[H\033[2J";

  private final Clock clock;
  private final boolean terminal;

  @Spec private CommandSpec spec;
  @Mixin private KubernetesOptions cluster;

  @Option(names = "--watch", description = "show it again and again, until interrupted")
  private boolean watch;

  @Option(
      names = "--interval",
      paramLabel = "TIME",
      defaultValue = "2s",
      description = "how often, with --watch (${DEFAULT-VALUE})")
  private Duration interval;

  @Option(names = "--json", description = "print one JSON document")
  private boolean json;

  private StatusCommand(Surroundings surroundings) {
    this.clock = surroundings.clock();
    this.terminal = surroundings.terminal();
  }

  @Override
  public Integer call() throws InterruptedException {
    if (watch && json) {
      throw new ParameterException(
          spec.commandLine(), "--watch cannot be used with --json, which prints one document");
    }
    try (KubernetesClient client = cluster.connect()) {
      ClusterReader reader = new ClusterReader(client);
      Verdict verdict = show(reader.read());
      while (watch && !spec.commandLine().getOut().checkError()) {
        Thread.sleep(interval);
        verdict = show(reader.read());
      }
      return verdict.exitCode();
    }
  }

  private Verdict show(ClusterPicture picture) {
    Instant now = clock.instant();
    Verdict verdict = Verdict.of(picture, now);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(
          Json.write(
              Map.of(
                  "verdict", verdict,
                  "components", picture.components(),
                  "nodes", picture.nodes())));
    } else {
      if (watch) {
        out.println((terminal ? CLEAR : "") + now);
      }
      StatusText.of(picture, now).forEach(out::println);
      if (watch && !terminal) {
        out.println();
      }
    }
    out.flush();
    return verdict;
  }
}
