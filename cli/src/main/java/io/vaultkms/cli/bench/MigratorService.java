package io.vaultkms.cli.bench;

import io.vaultkms.cli.command.CommandFailed;
import io.vaultkms.lab.cluster.Kubeconfig;
import io.vaultkms.lab.world.ChildProcess;
import io.vaultkms.lab.world.FreePorts;
import io.vaultkms.lab.world.JavaProgram;
import io.vaultkms.model.event.Event;
import io.vaultkms.model.event.MigrationDone;
import io.vaultkms.model.event.MigrationFailed;
import io.vaultkms.model.event.ResourceCounts;
import io.vaultkms.platform.log.Decoded;
import io.vaultkms.platform.log.EventReader;
import io.vaultkms.platform.log.EventSender;
import io.vaultkms.platform.log.LogSettings;
import io.vaultkms.platform.log.ReadFrom;
import io.vaultkms.platform.log.Topics;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/** The migrator itself, as the service that it is. */
final class MigratorService implements AutoCloseable {
  private static final String NAME = "migrator";
  private static final Duration START_LIMIT = Duration.ofMinutes(2);
  private static final Duration MIGRATE_LIMIT = Duration.ofMinutes(30);
  private static final Duration REPORT_EVERY = Duration.ofSeconds(30);
  private static final String CLUSTER_ID = "bench";

  private final HttpClient http = HttpClient.newHttpClient();
  private final ChildProcess process;
  private final String bootstrapServers;
  private final Path collections;
  private final int port;

  private MigratorService(
      ChildProcess process, String bootstrapServers, Path collections, int port) {
    this.process = process;
    this.bootstrapServers = bootstrapServers;
    this.collections = collections;
    this.port = port;
  }

  /** Starts it as it is built, with its own options; it is ready when this returns. */
  static MigratorService start(Arena arena, Path dist, String bootstrapServers)
      throws IOException, InterruptedException {
    int port = FreePorts.next();
    Path collections = arena.folder().resolve("collections.log");
    Files.deleteIfExists(collections);
    List<String> command =
        List.of(
            JavaProgram.java(),
            "@" + dist.resolve(NAME).resolve("jvm.options"),
            "-Xlog:gc:file=" + collections,
            "-jar",
            dist.resolve(NAME + ".jar").toString());
    Kubeconfig kubeconfig =
        new Kubeconfig(
            arena.server(),
            arena.plane().caCertificate(),
            arena.plane().token(Arena.SERVICES, NAME));
    Map<String, String> environment =
        Map.of(
            "KUBECONFIG",
            kubeconfig.write(arena.folder().resolve("kubeconfig")).toString(),
            "KAFKA_BOOTSTRAP_SERVERS",
            bootstrapServers,
            "CLUSTER_ID",
            CLUSTER_ID,
            "HTTP_HOST",
            "127.0.0.1",
            "HTTP_PORT",
            Integer.toString(port),
            // Nobody else writes: no late create has to be waited for.
            "MIGRATOR_REQUEST_TIMEOUT",
            "1s");
    MigratorService service =
        new MigratorService(
            ChildProcess.start(arena.folder().resolve("run"), NAME, command, environment),
            bootstrapServers,
            collections,
            port);
    service.awaitReady();
    return service;
  }

  private void awaitReady() throws InterruptedException {
    long limit = System.nanoTime() + START_LIMIT.toNanos();
    while (get("/readyz").isEmpty()) {
      if (process.handle().isEmpty() || System.nanoTime() > limit) {
        throw new CommandFailed("the migrator did not become ready, see " + process.log());
      }
      Thread.sleep(100);
    }
  }

  /** Lets it begin, and waits until it says that it is done. */
  Measured migrate(Stage stage) throws IOException, InterruptedException {
    ProcessHandle handle = process.handle().orElseThrow();
    double cpu = ProcessCost.cpuSeconds(handle);
    double before = metric("vaultkms_migrator_api_received_bytes_total");
    MigrationDone done = await(stage);
    long objects = done.resources().stream().mapToLong(ResourceCounts::rewritten).sum();
    double seconds = done.resources().stream().mapToDouble(ResourceCounts::seconds).sum();
    return new Measured(
        objects,
        seconds,
        Math.round(metric("vaultkms_migrator_api_received_bytes_total") - before),
        ProcessCost.cpuSeconds(handle) - cpu,
        0,
        ProcessCost.peakResidentBytes(handle.pid()),
        ProcessCost.peakHeapBytes(collections));
  }

  private MigrationDone await(Stage stage) throws InterruptedException {
    Instant from = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    AtomicReference<Event> end = new AtomicReference<>();
    EventReader reader = EventReader.open(LogSettings.plain(bootstrapServers), "bench");
    Thread reading =
        Thread.ofVirtual()
            .start(
                () ->
                    reader.follow(
                        Set.of(Topics.EVENTS),
                        new ReadFrom.Beginning(),
                        entry -> {
                          if (entry.decoded() instanceof Decoded.Known known
                              && ends(known.event(), from)) {
                            end.compareAndSet(null, known.event());
                            reader.stop();
                          }
                        }));
    try (reader;
        EventSender sender = EventSender.open(LogSettings.plain(bootstrapServers), "bench")) {
      sender.send(stage.open(CLUSTER_ID));
      long limit = System.nanoTime() + MIGRATE_LIMIT.toNanos();
      while (!reading.join(REPORT_EVERY)) {
        if (process.handle().isEmpty() || System.nanoTime() > limit) {
          reader.stop();
          throw new CommandFailed("the migrator did not end its work, see " + process.log());
        }
        stage.goOn();
      }
    }
    return switch (end.get()) {
      case MigrationDone done -> done;
      case MigrationFailed failed ->
          throw new CommandFailed("the migrator failed: " + failed.reason());
      case null, default -> throw new CommandFailed("the log ended before the migration");
    };
  }

  private static boolean ends(Event event, Instant from) {
    return (event instanceof MigrationDone || event instanceof MigrationFailed)
        && !event.time().isBefore(from);
  }

  private double metric(String name) {
    return get("/metrics")
        .orElse("")
        .lines()
        .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /** Empty while it does not answer, or not well. */
  private Optional<String> get(String path) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(5))
            .build();
    try {
      HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      return answer.statusCode() == 200 ? Optional.of(answer.body()) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    process.close();
    http.close();
  }
}
