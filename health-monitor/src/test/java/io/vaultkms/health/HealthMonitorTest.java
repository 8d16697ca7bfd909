package io.vaultkms.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vaultkms.health.status.StatusDerivation;
import io.vaultkms.lab.world.LabService;
import io.vaultkms.lab.world.World;
import io.vaultkms.model.config.KmsProvider;
import io.vaultkms.model.config.Violation;
import io.vaultkms.model.decision.Component;
import io.vaultkms.model.event.ConfigChange;
import io.vaultkms.model.event.ConfigChanged;
import io.vaultkms.model.event.ConfigRejected;
import io.vaultkms.model.event.EncryptionSettled;
import io.vaultkms.model.event.Event;
import io.vaultkms.model.event.MigrationDone;
import io.vaultkms.model.event.MigrationProgressed;
import io.vaultkms.model.event.MigrationStarted;
import io.vaultkms.model.event.PluginDegraded;
import io.vaultkms.model.event.PluginRecovered;
import io.vaultkms.model.event.ResourceCounts;
import io.vaultkms.model.node.NodeReport.PluginHealth;
import io.vaultkms.model.status.StatusReport;
import io.vaultkms.model.status.StatusReport.Condition;
import io.vaultkms.platform.cluster.Contract;
import io.vaultkms.platform.cluster.WantedReader;
import io.vaultkms.platform.json.Json;
import io.vaultkms.platform.log.EventLog;
import io.vaultkms.platform.log.LogSettings;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The service as a process, in one world whose story goes on from test to test. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class HealthMonitorTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String COMPONENT = Component.KUBE_APISERVER.name();
  private static final String HASH = "hash-one";

  private static World world;
  private static Vertx vertx;
  private static EventLog log;
  private static LabService service;
  private static Facts facts;

  @BeforeAll
  static void start(@TempDir Path folder) {
    world = World.start(folder, World::standInWithoutRules, 2);
    facts = new Facts(world.admin());
    vertx = Vertx.vertx();
    log =
        EventLog.open(
            vertx,
            LogSettings.plain(world.broker().bootstrapServers()),
            "others",
            new SimpleMeterRegistry());
    service = LabService.start(world, "health-monitor", HealthMonitor.class.getName(), Map.of());
    await().atMost(LIMIT).until(service::ready);
  }

  @AfterAll
  static void stop() {
    service.close();
    log.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
    world.close();
  }

  @Test
  @Order(1)
  void keepsAStatusBeforeAnybodyWantsAnything() {
    awaitPhase("Settled");

    assertThat(condition("Encrypted").status()).isEqualTo("False");
    assertThat(status().nodes().total()).isEqualTo(2);
    assertThat(LabService.story(world)).isEmpty();
    // By this series the alert rules tell that a service is not there.
    assertThat(series("process_start_time_seconds", "service=\"health-monitor\"")).isPresent();
    assertThat(series("vaultkms_health_monitor_active")).hasValue(1);
  }

  @Test
  @Order(2)
  void tellsEveryViolationOfABrokenDocument() {
    world.apply(
        world.apiServerDocument("nonsense", "vault-approle").replace("https://", "http://"));
    tell(rejected(1));

    awaitPhase("Refused");
    assertThat(condition("ConfigurationAccepted").status()).isEqualTo("False");
    assertThat(condition("ConfigurationAccepted").message())
        .contains("vaultAddress", "vaultKeyPath");
    assertThat(condition("ConfigurationAccepted").observedGeneration()).isEqualTo(1);
    assertThat(condition("ConfigurationAccepted").reason()).isEqualTo("Invalid");
    assertThat(status().configuration().violations()).hasSize(2);
    assertThat(series("vaultkms_configuration_accepted").orElse(9)).isZero();
    assertThat(series("vaultkms_phase", "phase=\"Refused\"").orElse(9)).isEqualTo(1);
  }

  @Test
  @Order(3)
  void tellsWhatTheConfigurationRefersToAndIsNotThere() {
    world.apply(world.apiServerDocument());
    tell(rejected(2));

    await()
        .atMost(LIMIT)
        .until(() -> condition("ConfigurationAccepted").reason().equals("ReferencesMissing"));
    assertThat(condition("ConfigurationAccepted").message()).contains("must name a Secret");
    assertThat(condition("ConfigurationAccepted").observedGeneration()).isEqualTo(2);
    assertThat(status().configuration().observedGeneration()).isEqualTo(2);
    assertThat(status().configuration().violations())
        .extracting(violation -> violation.field())
        .containsExactly("appRole.secret.name");
  }

  @Test
  @Order(4)
  void tellsThatEverythingIsEncryptedWhenItIs() {
    tell(
        new ConfigChanged(
            LabService.CLUSTER_ID,
            COMPONENT,
            Instant.now(),
            2,
            HASH,
            ConfigChange.ENABLE,
            "KMS",
            Map.of(),
            List.of()));
    await().atMost(LIMIT).until(() -> condition("ConfigurationAccepted").status().equals("True"));

    facts.migratedKey(wantedKms(), HASH);
    facts.bundle(2, HASH);
    facts.node("node-1", 2, PluginHealth.HEALTHY);
    awaitPhase("RollingOut");
    assertThat(condition("Encrypted").status()).isEqualTo("False");
    facts.node("node-2", 2, PluginHealth.HEALTHY);

    await().atMost(LIMIT).until(() -> condition("Encrypted").status().equals("True"));
    awaitPhase("Settled");
    assertThat(status().writeKeyId()).isEqualTo(1);
    await().atMost(LIMIT).until(() -> told(EncryptionSettled.class).size() == 1);
    assertThat(told(EncryptionSettled.class).getFirst().keyId()).isEqualTo(1);
  }

  @Test
  @Order(5)
  void keepsTheProgressAndTheRuns() {
    tell(new MigrationStarted(LabService.CLUSTER_ID, COMPONENT, now(), 1, "a", List.of("secrets")));
    tell(
        new MigrationProgressed(
            LabService.CLUSTER_ID, COMPONENT, now(), 1, "a", "secrets", 10, 40, 5));
    awaitSeries(10, "vaultkms_migration_objects_done", "resource=\"secrets\"");
    awaitSeries(40, "vaultkms_migration_objects_expected", "resource=\"secrets\"");
    tell(
        new MigrationDone(
            LabService.CLUSTER_ID,
            COMPONENT,
            now(),
            1,
            "a",
            List.of(new ResourceCounts("secrets", 40, 40, 0, 0, 0, 0, 2))));

    await()
        .atMost(LIMIT)
        .until(() -> status().runs(), runs -> !runs.isEmpty() && runs.getFirst().done() == 40);
    assertThat(status().runs().getFirst().state()).isEqualTo("Done");
  }

  @Test
  @Order(6)
  void tellsOnceThatAPluginFailsAndThatItIsWellAgain() {
    facts.node("node-2", 2, PluginHealth.ERROR);
    await().atMost(LIMIT).until(() -> condition("KMSPluginsDegraded").status().equals("True"));
    assertThat(told(PluginDegraded.class)).isEmpty();
    facts.node("node-2", 2, PluginHealth.ERROR);
    await().atMost(LIMIT).until(() -> told(PluginDegraded.class).size() == 1);
    awaitSeries(0, "vaultkms_plugin_healthy", "node=\"node-2\"", "key_id=\"1\"");
  }

  @Test
  @Order(7)
  void saysNothingAgainAfterARestart() {
    service.process().kill();
    await().atMost(LIMIT).until(() -> service.process().handle().isEmpty());
    service.process().start();
    await().atMost(LIMIT).until(service::ready);

    facts.node("node-2", 2, PluginHealth.ERROR);
    awaitSeries(0, "vaultkms_plugin_healthy", "node=\"node-2\"");
    facts.node("node-2", 2, PluginHealth.HEALTHY);
    awaitSeries(1, "vaultkms_plugin_healthy", "node=\"node-2\"");
    facts.node("node-2", 2, PluginHealth.HEALTHY);
    await().atMost(LIMIT).until(() -> told(PluginRecovered.class).size() == 1);
    assertThat(told(PluginDegraded.class)).hasSize(1);
    assertThat(told(EncryptionSettled.class)).hasSize(1);
    assertThat(status().runs()).hasSize(1);
  }

  @Test
  @Order(8)
  void forgetsANodeThatIsGone() {
    facts.removeNode("node-2");

    await()
        .atMost(LIMIT)
        .until(() -> series("vaultkms_plugin_healthy", "node=\"node-2\"").isEmpty());
    assertThat(series("vaultkms_plugin_report_age_seconds", "node=\"node-2\"")).isEmpty();
    awaitSeries(1, "vaultkms_nodes_expected");
  }

  @Test
  @Order(9)
  void takesTheStatusBackFromWhoeverEditsIt() {
    GenericKubernetesResource object = facts.statusObject();
    object.setAdditionalProperty(
        "status", Map.of("phase", "Fine", "keyID", 1, "writeKeyID", 1, "revision", 1));
    world
        .admin()
        .genericKubernetesResources(Contract.ENCRYPTION_STATUSES)
        .resource(object)
        .updateStatus();
    facts.node("node-1", 2, PluginHealth.HEALTHY);

    awaitPhase("Settled");
    assertThat(condition("Encrypted").status()).isEqualTo("True");
  }

  @Test
  @Order(10)
  void keepsTheStatusTrueWhileTheBrokerIsAway() {
    world.broker().stop();
    await().atMost(LIMIT).until(() -> service.get("/readyz").status() == 503);
    assertThat(service.get("/readyz").text()).contains("Kafka at");
    assertThat(service.get("/livez").status()).isEqualTo(200);

    facts.node("node-1", 1, PluginHealth.HEALTHY);
    await().atMost(LIMIT).until(() -> condition("Encrypted").status().equals("False"));
    world.broker().restart();
    await().atMost(LIMIT).until(service::ready);
  }

  private static KmsProvider wantedKms() {
    return new WantedReader(world.admin()).readDocument().kms().orElseThrow();
  }

  private static Event rejected(long generation) {
    return new ConfigRejected(
        LabService.CLUSTER_ID,
        COMPONENT,
        now(),
        generation,
        "refused",
        List.of(new Violation("appRole.secret.name", "vault-approle", "must name a Secret")));
  }

  private static Instant now() {
    return Instant.now();
  }

  private static void tell(Event event) {
    log.publisher().publish(event);
  }

  private static void awaitPhase(String phase) {
    await().atMost(LIMIT).until(() -> status().phase(), phase::equals);
  }

  private static StatusReport status() {
    GenericKubernetesResource object = facts.statusObject();
    return Json.MAPPER.convertValue(object.<Object>get("status"), StatusReport.class);
  }

  private static Condition condition(String type) {
    return StatusDerivation.condition(status(), type).orElseThrow();
  }

  private static OptionalDouble series(String name, String... labels) {
    return service.metric(name, labels);
  }

  private static void awaitSeries(double value, String name, String... labels) {
    await().atMost(LIMIT).until(() -> series(name, labels).orElse(Double.NaN) == value);
  }

  private static <E extends Event> List<E> told(Class<E> type) {
    return LabService.story(world).stream().filter(type::isInstance).map(type::cast).toList();
  }
}
