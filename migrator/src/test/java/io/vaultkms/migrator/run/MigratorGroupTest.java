package io.vaultkms.migrator.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vaultkms.lab.broker.LabBroker;
import io.vaultkms.lab.world.ChildProcess;
import io.vaultkms.lab.world.FreePorts;
import io.vaultkms.lab.world.JavaProgram;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as a process in its consumer group, on a real broker. */
class MigratorGroupTest {
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final String GROUP = "vaultkms.migrator.local";
  private static final Duration MAX_POLL = Duration.ofSeconds(3);
  private static final int OBJECTS = 200;

  @TempDir Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private LabBroker broker;
  private TestCluster cluster;

  /** One replica and where it shows its metrics. */
  private record Replica(ChildProcess process, int port) implements AutoCloseable {
    @Override
    public void close() {
      process.close();
    }
  }

  @BeforeEach
  void start() throws Exception {
    broker = LabBroker.start(folder.resolve("broker"));
    cluster = TestCluster.start(folder);
    cluster.seed("old", OBJECTS);
    cluster.wantMigration();
    cluster.keepReporting();
    everyPatchTakes(Duration.ofSeconds(1));
  }

  @AfterEach
  void stop() {
    cluster.close();
    broker.close();
    http.close();
  }

  @Test
  void oneOfTwoReplicasWorksAndTheOtherTakesOverWhenItDies() throws Exception {
    try (Replica first = replica("first");
        Replica second = replica("second")) {
      await()
          .atMost(LONG)
          .until(() -> works(first) && rests(second) || works(second) && rests(first));
      Replica worker = works(first) ? first : second;
      Replica other = worker == first ? second : first;
      assertThat(ready(worker)).isTrue();
      assertThat(ready(other)).isTrue();
      assertThat(stale()).as("there is work left when it dies").isPositive();
      worker.process().kill();
      await().atMost(LONG).until(() -> works(other));
      TestCluster.NODES.forEach(node -> cluster.faults(node).clear());
      await().atMost(LONG).until(() -> cluster.key().migrated().resources().contains("secrets"));
      assertThat(cluster.census()).containsOnlyKeys("k8s:enc:aesgcm:v1:1");
    }
  }

  @Test
  void staysAMemberAndReadsItsEventsHoweverLongItWorks() throws Exception {
    try (Replica migrator = replica("migrator");
        Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      await().atMost(LONG).ignoreExceptions().until(() -> members(admin).size() == 1);
      List<String> members = members(admin);
      await().atMost(LONG).until(() -> stale() < OBJECTS);
      long begun = System.nanoTime();
      await().atMost(LONG).until(() -> read(admin) > 0 && lag(migrator) == 0);
      await().atMost(LONG).until(() -> System.nanoTime() - begun > 2 * MAX_POLL.toNanos());
      assertThat(stale()).as("it is at work all the time").isPositive();
      assertThat(members(admin)).isEqualTo(members);
    }
  }

  private void everyPatchTakes(Duration time) {
    for (String node : TestCluster.NODES) {
      cluster.faults(node).delay(info -> info.verb().equals("patch"), time);
    }
  }

  private long stale() {
    return cluster.census().getOrDefault("identity", 0L);
  }

  private Replica replica(String name) throws IOException {
    int port = FreePorts.next();
    Path kafka = folder.resolve(name + ".properties");
    Files.writeString(kafka, "max.poll.interval.ms=" + MAX_POLL.toMillis());
    return new Replica(
        ChildProcess.start(
            folder.resolve("run"),
            name,
            JavaProgram.command("io.vaultkms.migrator.Migrator", "96m"),
            Map.of(
                "KUBECONFIG",
                cluster.kubeconfig().toString(),
                "KAFKA_BOOTSTRAP_SERVERS",
                broker.bootstrapServers(),
                "KAFKA_PROPERTIES_FILE",
                kafka.toString(),
                "HTTP_HOST",
                "127.0.0.1",
                "HTTP_PORT",
                Integer.toString(port),
                "MIGRATOR_PAGE_SIZE",
                "50",
                "MIGRATOR_MAX_CONCURRENCY",
                "8",
                "MIGRATOR_REQUEST_TIMEOUT",
                "1s")),
        port);
  }

  private boolean works(Replica replica) {
    return metric(replica, "vaultkms_migrator_active") == 1 && underWay(replica) > 0;
  }

  private boolean rests(Replica replica) {
    return metric(replica, "vaultkms_migrator_active") == 0 && underWay(replica) == 0;
  }

  private double underWay(Replica replica) {
    return metric(replica, "vaultkms_migration_concurrency");
  }

  private double lag(Replica replica) {
    return metric(replica, "vaultkms_events_lag");
  }

  /** The sum of all series of a name; not a number while it does not answer. */
  private double metric(Replica replica, String name) {
    return get(replica, "/metrics")
        .map(
            answer ->
                answer
                    .body()
                    .lines()
                    .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                    .mapToDouble(
                        line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum())
        .orElse(Double.NaN);
  }

  private boolean ready(Replica replica) {
    return get(replica, "/readyz").map(answer -> answer.statusCode() == 200).orElse(false);
  }

  private Optional<HttpResponse<String>> get(Replica replica, String path) {
    URI uri = URI.create("http://127.0.0.1:" + replica.port() + path);
    HttpRequest request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(5)).build();
    try {
      return Optional.of(http.send(request, HttpResponse.BodyHandlers.ofString()));
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private static List<String> members(Admin admin) throws Exception {
    ConsumerGroupDescription group =
        admin.describeConsumerGroups(List.of(GROUP)).all().get().get(GROUP);
    return group.members().stream().map(member -> member.consumerId()).toList();
  }

  /** How many records the group has said that it has read. */
  private static long read(Admin admin) throws Exception {
    return admin
        .listConsumerGroupOffsets(GROUP)
        .partitionsToOffsetAndMetadata()
        .get()
        .values()
        .stream()
        .mapToLong(offset -> offset.offset())
        .sum();
  }
}
