package io.vaultkms.cli.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.vaultkms.cli.command.CommandFailed;
import io.vaultkms.cli.command.Surroundings;
import io.vaultkms.lab.kubeapi.KubeAssets;
import io.vaultkms.platform.json.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code vaultkms bench migrate}. */
@Command(
    name = "migrate",
    header = "Measures the migrator beside other ways to rewrite everything.",
    description = {
      "On one API server of this machine, in turn: (a) every Secret listed and PUT in full by 10"
          + " workers, as OpenShift's own migrator does, (b) the same with 32, (c) the migrator,"
          + " (d) as many Secrets created by 32 workers, which is as fast as it can be.",
      "On the stand-in it shows that the benchmark works; for evidence give it a real"
          + " kube-apiserver."
    })
final class MigrateCommand implements Callable<Integer> {
  private final Map<String, String> environment;
  @Spec private CommandSpec spec;

  @Option(
      names = "--objects",
      paramLabel = "N",
      split = ",",
      defaultValue = "10000,100000",
      description = "Secrets of 2 KiB; several numbers with commas (${DEFAULT-VALUE})")
  private List<Integer> objects;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description = "how often each is measured; medians count (${DEFAULT-VALUE})")
  private int rounds;

  @Option(
      names = "--ways",
      paramLabel = "WAY",
      split = ",",
      defaultValue = "a,b,c,d",
      description = "which ones to measure (${DEFAULT-VALUE})")
  private List<String> ways;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "of the Secrets' contents (${DEFAULT-VALUE})")
  private long seed;

  @Option(names = "--json", description = "one JSON document on standard output, nothing else")
  private boolean json;

  @Option(
      names = "--kube-assets",
      paramLabel = "DIR",
      description = {
        "folder with a real kube-apiserver and etcd to measure instead of the stand-in;",
        "else the one that KUBEBUILDER_ASSETS names, if it does"
      })
  private @Nullable Path kubeAssets;

  MigrateCommand(Surroundings surroundings) {
    this.environment = surroundings.environment();
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    objects.forEach(number -> check("--objects", number, 100, 1_000_000));
    check("--rounds", rounds, 1, 100);
    BenchOptions options = new BenchOptions(objects, ways(), rounds, seed, assets(), dist());
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter progress = spec.commandLine().getErr();
    Path folder = Files.createTempDirectory("vk");
    Runtime.getRuntime().addShutdownHook(new Thread(() -> leave(folder), "bench-stop"));
    try {
      List<Series> series =
          new MigrateBench(
                  options,
                  line -> {
                    progress.println(line);
                    progress.flush();
                  })
              .run(folder);
      BenchReport report = BenchReport.of(options, Machine.here(), series);
      out.println(json ? written(report) : report.text());
      return 0;
    } finally {
      remove(folder);
    }
  }

  private Set<Way> ways() {
    return ways.stream()
        .map(
            letter ->
                Way.of(letter)
                    .orElseThrow(
                        () ->
                            new ParameterException(
                                spec.commandLine(),
                                "--ways '%s' must be some of a,b,c,d".formatted(letter))))
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Way.class)));
  }

  private static String written(BenchReport report) throws JsonProcessingException {
    return Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(report);
  }

  private Optional<KubeAssets> assets() {
    try {
      return KubeAssets.find(environment, Optional.ofNullable(kubeAssets));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
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
    return dist != null
        ? Path.of(dist)
        : Path.of(System.getProperty("java.class.path")).toAbsolutePath().getParent();
  }

  /** Nothing is left of a benchmark that a signal ends, nor of one that has ended. */
  private static void leave(Path folder) {
    List<ProcessHandle> left = ProcessHandle.current().descendants().toList();
    left.forEach(ProcessHandle::destroyForcibly);
    left.forEach(process -> process.onExit().join());
    try {
      remove(folder);
    } catch (CommandFailed e) {
      System.err.println(e.getMessage());
    }
  }

  private static void remove(Path folder) {
    if (Files.notExists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException e) {
      throw new CommandFailed(folder + " could not be removed: " + e.getMessage());
    }
  }
}
