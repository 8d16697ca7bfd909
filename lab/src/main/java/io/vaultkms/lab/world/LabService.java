package io.vaultkms.lab.world;

import io.vaultkms.model.event.Event;
import io.vaultkms.platform.log.Decoded;
import io.vaultkms.platform.log.EventReader;
import io.vaultkms.platform.log.LogSettings;
import io.vaultkms.platform.log.ReadFrom;
import io.vaultkms.platform.log.Topics;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;

/**
 * One service of the pipeline as a process of its own in a world, with the classes of this process,
 * for tests of that service: it is asked as an operator would, over HTTP and by its log.
 */
public final class LabService implements AutoCloseable {
  /** The cluster id that services in a world use here. */
  public static final String CLUSTER_ID = "lab";

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
  private final ChildProcess process;
  private final int port;

  private LabService(ChildProcess process, int port) {
    this.process = process;
    this.port = port;
  }

  /** What an answer says. */
  public record Answer(int status, String text) {}

  /**
   * Starts a service; it may not be ready yet when this returns.
   *
   * @param name its service account and the name of its files
   * @param more further variables
   */
  public static LabService start(
      World world, String name, String mainClass, Map<String, String> more) {
    return start(world, name, name, mainClass, more);
  }

  /**
   * The same for one of several that have a service account in common.
   *
   * @param name of its files
   */
  public static LabService start(
      World world, String name, String account, String mainClass, Map<String, String> more) {
    int port = FreePorts.next();
    Map<String, String> environment = new TreeMap<>(more);
    environment.put("CLUSTER_ID", CLUSTER_ID);
    environment.put("HTTP_HOST", "127.0.0.1");
    environment.put("HTTP_PORT", Integer.toString(port));
    environment.put("KUBECONFIG", world.kubeconfig(account).toString());
    environment.put("KAFKA_BOOTSTRAP_SERVERS", world.broker().bootstrapServers());
    return new LabService(
        ChildProcess.start(
            world.folder().resolve("services"),
            name,
            JavaProgram.command(mainClass, "96m"),
            environment),
        port);
  }

  public ChildProcess process() {
    return process;
  }

  /** The answer to GET; status 0 while it does not answer. */
  public Answer get(String path) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .timeout(Duration.ofSeconds(5))
            .build();
    try {
      HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
      return new Answer(response.statusCode(), response.body());
    } catch (IOException e) {
      return new Answer(0, String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Answer(0, "interrupted");
    }
  }

  public boolean ready() {
    return get("/readyz").status() == 200;
  }

  /**
   * The value of the first series that begins so.
   *
   * @param start a name, with as many labels as tell the series apart
   */
  public OptionalDouble metric(String start, String... labels) {
    return get("/metrics")
        .text()
        .lines()
        .filter(line -> line.startsWith(start + "{") || line.startsWith(start + " "))
        .filter(line -> List.of(labels).stream().allMatch(line::contains))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .findFirst();
  }

  /** Every event that the log of a world has, in order for each cluster. */
  public static List<Event> story(World world) {
    List<Event> events = new ArrayList<>();
    try (EventReader reader =
        EventReader.open(LogSettings.plain(world.broker().bootstrapServers()), "test")) {
      reader.read(
          Set.of(Topics.EVENTS),
          new ReadFrom.Beginning(),
          entry -> {
            if (entry.decoded() instanceof Decoded.Known(Event event, _)) {
              events.add(event);
            }
          });
    }
    return List.copyOf(events);
  }

  @Override
  public void close() {
    process.close();
    http.close();
  }
}
