package io.vaultkms.cli.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.vaultkms.cli.command.Surroundings;
import io.vaultkms.lab.kubeapi.FetchedAssets;
import io.vaultkms.lab.kubeapi.KubeAssets;
import io.vaultkms.platform.json.Json;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code vaultkms demo}. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "Takes a cluster on this machine from plaintext to encrypted with a key in Vault, and proves"
          + " it.",
      "Exit code 0 only if every object is encrypted with the expected key and reads back equal."
    })
public final class DemoCommand implements Callable<Integer> {
  private static final String EVERY = "all";

  private final Map<String, String> environment;
  @Spec private CommandSpec spec;

  @Option(
      names = "--nodes",
      defaultValue = "3",
      description = "API servers, 1 to 9 (${DEFAULT-VALUE})")
  private int nodes;

  @Option(
      names = "--secrets",
      defaultValue = "2000",
      description = "Secrets to begin with (${DEFAULT-VALUE})")
  private int secrets;

  @Option(
      names = "--configmaps",
      defaultValue = "500",
      description = "ConfigMaps to begin with (${DEFAULT-VALUE})")
  private int configMaps;

  @Option(
      names = "--chapters",
      defaultValue = "enable",
      split = ",",
      description = {
        "what to show, each on the cluster that the one before has left:",
        "enable, reject, move-key, in-place, credentials, off-and-on; or all.",
        "enable comes first, named or not (${DEFAULT-VALUE})"
      })
  private List<String> chapters;

  @Option(names = "--keep", description = "stay up, and print how to reach and restart everything")
  private boolean keep;

  @Option(names = "--json", description = "one JSON document on standard output, nothing else")
  private boolean json;

  @Option(
      names = "--kube-assets",
      paramLabel = "DIR",
      description = {
        "folder with a real kube-apiserver and etcd to run instead of the stand-in;",
        "else the one that KUBEBUILDER_ASSETS names, if it does"
      })
  private Path kubeAssets;

  @Option(
      names = "--real",
      description = {
        "fetch a real kube-apiserver and etcd from the internet, once, and run those;",
        "nothing is fetched without it"
      })
  private boolean real;

  @Option(
      names = "--wait-reload",
      description = {
        "let the stand-in look at its encryption configuration once a minute too,",
        "as a real API server always does"
      })
  private boolean waitReload;

  @Option(
      names = "--timeout",
      defaultValue = "600",
      description = "seconds that each thing may take that is waited for (${DEFAULT-VALUE})")
  private int timeout;

  DemoCommand(Surroundings surroundings) {
    this.environment = surroundings.environment();
  }

  @Override
  public Integer call() throws InterruptedException, JsonProcessingException {
    check("--nodes", nodes, 1, 9);
    check("--secrets", secrets, 0, 1_000_000);
    check("--configmaps", configMaps, 0, 1_000_000);
    check("--timeout", timeout, 1, 86_400);
    DemoOptions options =
        new DemoOptions(
            nodes,
            secrets,
            configMaps,
            chapters(),
            keep,
            json,
            assets(),
            waitReload,
            Duration.ofSeconds(timeout));
    PrintStream people = json ? new PrintStream(OutputStream.nullOutputStream()) : System.out;
    boolean terminal = !json && System.console() != null && System.console().isTerminal();
    try (Demo demo = new Demo(options, new Screen(people, terminal), dist())) {
      Runtime.getRuntime().addShutdownHook(new Thread(demo::close, "demo-stop"));
      DemoResult result = demo.run();
      return end(demo, result);
    }
  }

  private List<Chapter> chapters() {
    if (chapters.equals(List.of(EVERY))) {
      return Chapter.ALL;
    }
    Set<Chapter> wanted = new LinkedHashSet<>();
    wanted.add(Chapter.ALL.getFirst());
    for (String name : chapters) {
      wanted.add(
          Chapter.named(name)
              .orElseThrow(
                  () ->
                      new ParameterException(
                          spec.commandLine(),
                          "--chapters '%s' must be one of %s, or all"
                              .formatted(name, Chapter.names()))));
    }
    return List.copyOf(wanted);
  }

  private Optional<KubeAssets> assets() {
    if (real && kubeAssets != null) {
      throw new ParameterException(
          spec.commandLine(), "--real fetches what --kube-assets names: give one of them");
    }
    try {
      if (real) {
        return Optional.of(FetchedAssets.fetch());
      }
      return KubeAssets.find(environment, Optional.ofNullable(kubeAssets));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
  }

  private int end(Demo demo, DemoResult result)
      throws InterruptedException, JsonProcessingException {
    boolean settled = result.result().equals(DemoResult.SETTLED);
    if (json) {
      System.out.println(Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(result));
    } else if (settled) {
      System.out.printf(
          "%n%s: %,d of %,d objects encrypted with a key in Vault, %d events, %.1f s%n",
          result.result(),
          result.objects().encrypted(),
          result.objects().total(),
          result.events(),
          result.seconds());
    }
    if (!settled) {
      System.err.println("failed: " + result.reason());
    }
    if (keep && settled) {
      demo.keep();
    }
    return settled ? 0 : 1;
  }

  private void check(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw new ParameterException(
          spec.commandLine(),
          "%s '%d' must be a whole number from %d to %d".formatted(option, value, least, most));
    }
  }

  /** The programs lie beside the jar that this runs from. */
  private static Path dist() {
    String dist = System.getProperty("vaultkms.dist");
    if (dist != null) {
      return Path.of(dist);
    }
    Path jar = Path.of(System.getProperty("java.class.path")).toAbsolutePath();
    return jar.getParent();
  }
}
