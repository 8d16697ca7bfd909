package io.vaultkms.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vaultkms.health.status.StatusDerivation;
import io.vaultkms.lab.apiserver.LabControlPlane;
import io.vaultkms.lab.apiserver.RequestInfo;
import io.vaultkms.lab.world.LabService;
import io.vaultkms.lab.world.World;
import io.vaultkms.model.config.Violation;
import io.vaultkms.model.decision.Component;
import io.vaultkms.model.event.ConfigRejected;
import io.vaultkms.model.event.Event;
import io.vaultkms.model.event.MigrationDone;
import io.vaultkms.model.event.MigrationProgressed;
import io.vaultkms.model.event.MigrationStarted;
import io.vaultkms.model.event.PluginDegraded;
import io.vaultkms.model.event.ResourceCounts;
import io.vaultkms.model.node.NodeReport.PluginHealth;
import io.vaultkms.model.status.StatusReport;
import io.vaultkms.model.status.StatusReport.Condition;
import io.vaultkms.model.status.StatusReport.Run;
import io.vaultkms.platform.cluster.Contract;
import io.vaultkms.platform.json.Json;
import io.vaultkms.platform.log.EventLog;
import io.vaultkms.platform.log.LogSettings;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two replicas as processes in their consumer group, on a real broker. */
class HealthMonitorGroupTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String COMPONENT = Component.KUBE_APISERVER.name();
  private static final String NODE = "node-1";

  private final List<String> writers = new CopyOnWriteArrayList<>();
  private final List<Replica> replicas = new ArrayList<>();
  private World world;
  private Vertx vertx;
  private EventLog log;
  private Facts facts;
  private Replica first;

  /**
   * One replica.
   *
   * @param account which it has alone, so that its writes are told from the other's
   */
  private record Replica(String account, LabService service) {
    boolean active() {
      return is(1, "vaultkms_health_monitor_active");
    }

    boolean standsBy() {
      return is(0, "vaultkms_health_monitor_active");
    }

    boolean is(double value, String name, String... labels) {
      return service.metric(name, labels).orElse(Double.NaN) == value;
    }
  }

  @BeforeEach
  void start(@TempDir Path folder) throws IOException {
    world = World.start(folder, World::standInWithoutRules, 1);
    LabControlPlane plane = (LabControlPlane) world.controlPlane();
    plane.nodes().forEach(node -> plane.server(node).faults().delay(this::isNoted, Duration.ZERO));
    facts = new Facts(world.admin());
    vertx = Vertx.vertx();
    log =
        EventLog.open(
            vertx,
            LogSettings.plain(world.broker().bootstrapServers()),
            "others",
            new SimpleMeterRegistry());
    first = replica("first", "m");
    await().atMost(LIMIT).until(() -> first.active() && first.service().ready());
  }

  @AfterEach
  void stop() {
    replicas.forEach(replica -> replica.service().close());
    log.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
    world.close();
  }

  /**
   * Partitions go to members in the order of their clients' names, and the cluster's is the last.
   */
  @ParameterizedTest(name = "the newcomer {0}")
  @CsvSource({"stands by, a", "has the work, z"})
  void oneOfTwoWritesAndTheOtherTakesOverWithTheWholeHistoryWhenItIsGone(
      String title, String client) throws IOException {
    Replica second = replica("second", client);
    Replica owner = client.equals("a") ? first : second;
    Replica other = owner == first ? second : first;
    await()
        .atMost(LIMIT)
        .until(() -> owner.active() && other.standsBy() && second.service().ready());
    writers.clear();

    world.apply(world.apiServerDocument());
    tell(
        new ConfigRejected(
            LabService.CLUSTER_ID,
            COMPONENT,
            Instant.now(),
            1,
            "refused",
            List.of(new Violation("appRole.secret.name", "vault-approle", "must name a Secret"))));
    await().atMost(LIMIT).until(() -> accepted().reason().equals("ReferencesMissing"));
    tell(new MigrationStarted(LabService.CLUSTER_ID, COMPONENT, now(), 1, "a", List.of("secrets")));
    tell(
        new MigrationProgressed(
            LabService.CLUSTER_ID, COMPONENT, now(), 1, "a", "secrets", 10, 40, 5));
    await().atMost(LIMIT).until(() -> owner.is(10, "vaultkms_migration_objects_done"));
    nodeReports(PluginHealth.ERROR);
    await().atMost(LIMIT).until(() -> bothShow(0));
    nodeReports(PluginHealth.HEALTHY);
    await().atMost(LIMIT).until(() -> bothShow(1));
    nodeReports(PluginHealth.ERROR);
    await().atMost(LIMIT).until(() -> bothShow(0));
    nodeReports(PluginHealth.ERROR);
    await().atMost(LIMIT).until(() -> degradations() == 1);
    await().atMost(LIMIT).until(() -> status().runs().stream().anyMatch(this::isAt10));
    assertThat(writers).containsOnly(owner.account());
    assertThat(other.is(-1, "vaultkms_configuration_accepted")).isTrue();
    Condition judged = accepted();

    owner.service().process().kill();
    tell(
        new MigrationDone(
            LabService.CLUSTER_ID,
            COMPONENT,
            now(),
            1,
            "a",
            List.of(new ResourceCounts("secrets", 40, 40, 0, 0, 0, 0, 2))));
    await().atMost(LIMIT).until(other::active);
    await().atMost(LIMIT).until(() -> status().runs().getFirst().state().equals("Done"));
    nodeReports(PluginHealth.ERROR);
    await().atMost(LIMIT).until(() -> bothShow(0));

    assertThat(writers).endsWith(other.account());
    assertThat(accepted()).as("no status without the verdict came between").isEqualTo(judged);
    assertThat(other.is(0, "vaultkms_configuration_accepted")).isTrue();
    assertThat(degradations()).isEqualTo(1);
  }

  @Test
  void oneThatFindsNoBrokerWritesAllTheSameAfterAWhile() {
    world.broker().stop();
    first.service().process().kill();
    await().atMost(LIMIT).until(() -> first.service().process().handle().isEmpty());
    world
        .admin()
        .genericKubernetesResources(Contract.ENCRYPTION_STATUSES)
        .withName(COMPONENT)
        .delete();
    first.service().process().start();

    await()
        .atMost(LIMIT.multipliedBy(2))
        .until(facts::statusObject, object -> object != null && object.get("status") != null);
    assertThat(status().phase()).isEqualTo("Settled");
    assertThat(first.active()).isTrue();
    assertThat(first.service().ready()).isFalse();
    world.broker().restart();
    await().atMost(LIMIT).until(() -> first.service().ready());
    assertThat(first.active()).isTrue();
  }

  private boolean isAt10(Run run) {
    return run.state().equals("Running") && run.done() == 10 && run.total() == 40;
  }

  /** Notes who writes a status, and has nobody wait. */
  private boolean isNoted(RequestInfo request) {
    if (request.resource().startsWith("encryptionstatuses") && request.verb().equals("patch")) {
      String user = request.user().name();
      writers.add(user.substring(user.lastIndexOf(':') + 1));
    }
    return false;
  }

  private Replica replica(String account, String client) throws IOException {
    Path kafka = world.folder().resolve(account + ".properties");
    Files.writeString(kafka, "client.id=" + client);
    Replica replica =
        new Replica(
            account,
            LabService.start(
                world,
                account,
                account,
                HealthMonitor.class.getName(),
                Map.of("KAFKA_PROPERTIES_FILE", kafka.toString())));
    replicas.add(replica);
    return replica;
  }

  private void nodeReports(PluginHealth health) {
    facts.node(NODE, 1, health);
  }

  /** Both that live have looked at what the node reported. */
  private boolean bothShow(double healthy) {
    return replicas.stream()
        .filter(replica -> replica.service().process().handle().isPresent())
        .allMatch(replica -> replica.is(healthy, "vaultkms_plugin_healthy"));
  }

  private long degradations() {
    return LabService.story(world).stream().filter(PluginDegraded.class::isInstance).count();
  }

  private void tell(Event event) {
    log.publisher().publish(event);
  }

  private static Instant now() {
    return Instant.now();
  }

  private StatusReport status() {
    GenericKubernetesResource object = facts.statusObject();
    return Json.MAPPER.convertValue(object.<Object>get("status"), StatusReport.class);
  }

  private Condition accepted() {
    return StatusDerivation.condition(status(), StatusDerivation.CONFIGURATION_ACCEPTED)
        .orElseThrow();
  }
}
