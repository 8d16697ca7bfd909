package io.vaultkms.cli.demo;

import io.vaultkms.lab.world.ChildProcess;
import io.vaultkms.lab.world.FreePorts;
import io.vaultkms.lab.world.JavaProgram;
import io.vaultkms.lab.world.World;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The four services and the agents, each a process of its own. */
final class Programs implements AutoCloseable {
  static final List<String> SERVICES =
      List.of("config-watcher", "plugin-deployer", "migrator", "health-monitor");
  private static final Duration START_LIMIT = Duration.ofSeconds(180);

  /**
   * From here on an API server is one that takes its time, and has a megabyte of metrics to send.
   */
  private static final Duration SLOW_RELOAD = Duration.ofSeconds(10);

  private final World world;
  private final Path dist;
  private final Map<String, ChildProcess> processes = new LinkedHashMap<>();
  private final Map<String, Integer> ports = new HashMap<>();
  private boolean closed;

  Programs(World world, Path dist) {
    this.world = world;
    this.dist = dist;
  }

  /** Starts all of them; they come up at the same time. */
  void start() {
    boolean slow = world.controlPlane().reloadPoll().compareTo(SLOW_RELOAD) > 0;
    for (String node : world.controlPlane().nodes()) {
      Map<String, String> environment = common("node-agent");
      environment.put("NODE_NAME", node);
      environment.put("HOST_ROOT", world.root(node).toString());
      environment.put("API_SERVER_URL", world.controlPlane().url(node).toString());
      environment.put("AGENT_POLL_INTERVAL", slow ? "5s" : "500ms");
      environment.put("AGENT_PROBE_INTERVAL", slow ? "15s" : "5s");
      start("agent-" + node, "plugin-deployer", List.of("agent"), environment);
    }
    for (String service : SERVICES) {
      start(service, service, List.of(), common(service));
    }
  }

  private Map<String, String> common(String account) {
    Map<String, String> environment = new HashMap<>();
    environment.put("KUBECONFIG", world.kubeconfig(account).toString());
    environment.put("KAFKA_BOOTSTRAP_SERVERS", world.broker().bootstrapServers());
    environment.put("CLUSTER_ID", Demo.CLUSTER_ID);
    environment.put("HTTP_HOST", "127.0.0.1");
    environment.put("RESYNC_INTERVAL", "30s");
    environment.put(
        "MIGRATOR_REQUEST_TIMEOUT", world.controlPlane().requestTimeout().toSeconds() + "s");
    return environment;
  }

  private synchronized void start(
      String name, String program, List<String> arguments, Map<String, String> environment) {
    if (closed) {
      throw new DemoFailure("the demo was stopped");
    }
    int port = FreePorts.next();
    ports.put(name, port);
    environment.put("HTTP_PORT", Integer.toString(port));
    List<String> command = new ArrayList<>();
    command.add(JavaProgram.java());
    command.add("@" + dist.resolve(program).resolve("jvm.options"));
    command.add("-jar");
    command.add(dist.resolve(program + ".jar").toString());
    command.addAll(arguments);
    processes.put(
        name, ChildProcess.start(world.folder().resolve("run"), name, command, environment));
  }

  /** Waits until every program says that it is ready. */
  void awaitReady() {
    Instant limit = Instant.now().plus(START_LIMIT);
    try (HttpClient client = HttpClient.newHttpClient()) {
      for (ChildProcess process : all()) {
        awaitReady(client, process, limit);
      }
    }
  }

  private void awaitReady(HttpClient client, ChildProcess process, Instant limit) {
    String last = "no answer";
    while (Instant.now().isBefore(limit)) {
      if (process.handle().isEmpty()) {
        throw new DemoFailure(
            "%s ended at its start: %s".formatted(process.name(), lastLine(process)));
      }
      try {
        HttpResponse<String> answer =
            client.send(
                HttpRequest.newBuilder(url(process.name()).resolve("/readyz"))
                    .timeout(Duration.ofSeconds(5))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() == 200) {
          return;
        }
        last = answer.body().strip().replace('\n', ' ');
        Thread.sleep(100);
      } catch (java.io.IOException e) {
        pause();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new DemoFailure("starting was interrupted");
      }
    }
    throw new DemoFailure(
        "%s was not ready after %d s: %s".formatted(process.name(), START_LIMIT.toSeconds(), last));
  }

  private static void pause() {
    try {
      Thread.sleep(100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DemoFailure("starting was interrupted");
    }
  }

  private static String lastLine(ChildProcess process) {
    try {
      List<String> lines = Files.readAllLines(process.log());
      return lines.isEmpty() ? "it said nothing" : lines.getLast();
    } catch (java.io.IOException e) {
      return "it said nothing";
    }
  }

  /** Where a program serves /livez, /readyz and /metrics. */
  URI url(String name) {
    return URI.create("http://127.0.0.1:" + ports.get(name));
  }

  synchronized List<ChildProcess> all() {
    return List.copyOf(processes.values());
  }

  @Override
  public synchronized void close() {
    closed = true;
    processes.values().forEach(ChildProcess::terminate);
    processes.values().forEach(ChildProcess::close);
  }
}
