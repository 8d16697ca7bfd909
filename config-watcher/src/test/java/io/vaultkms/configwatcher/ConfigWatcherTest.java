package io.vaultkms.configwatcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.vaultkms.lab.world.LabService;
import io.vaultkms.lab.world.World;
import io.vaultkms.model.event.ConfigChange;
import io.vaultkms.model.event.ConfigChanged;
import io.vaultkms.model.event.ConfigRejected;
import io.vaultkms.model.event.Event;
import io.vaultkms.model.event.FieldChange;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The service as a process, in one world whose story goes on from test to test. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ConfigWatcherTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final String SECRET_ID = "a-secret-id-nobody-may-see";

  private static World world;
  private static LabService service;

  @BeforeAll
  static void start(@TempDir Path folder) {
    world = World.start(folder, World::standInWithoutRules, 1);
    service = LabService.start(world, "config-watcher", ConfigWatcher.class.getName(), Map.of());
    await().atMost(LIMIT).until(service::ready);
  }

  @AfterAll
  static void stop() {
    service.close();
    world.close();
  }

  @Test
  @Order(1)
  void tellsOfAFirstConfigurationAsEnabling() {
    world.apply(world.apiServerDocument());

    ConfigChanged told = awaitChanged(1);
    assertThat(told.kind()).isEqualTo(ConfigChange.ENABLE);
    assertThat(told.mode()).isEqualTo("KMS");
    assertThat(told.generation()).isEqualTo(1);
    assertThat(told.hash()).hasSize(8);
    assertThat(told.fields()).containsEntry("vault.vaultKeyPath", "transit/keys/kubernetes");
  }

  @Test
  @Order(2)
  void tellsOfNewCredentialsAtOnceAndNeverWhatTheyAre() {
    Instant written = Instant.now();
    world.putCredentials(SECRET_ID);

    ConfigChanged told = awaitChanged(2);
    System.out.printf(
        "other credentials were told %d ms after they were written%n",
        Duration.between(written, told.time()).toMillis());
    assertThat(told.kind()).isEqualTo(ConfigChange.CREDENTIALS);
    assertThat(told.generation()).isEqualTo(1);
    assertThat(told.changes()).hasSize(1);
    assertThat(LabService.story(world).toString()).doesNotContain(SECRET_ID);
  }

  @Test
  @Order(3)
  void tellsEveryViolationOfABrokenDocument() {
    world.apply(
        world
            .apiServerDocument("no key path", "vault-approle")
            .replace("https://", "http://admin:hunter2@"));

    ConfigRejected told =
        await().atMost(LIMIT).until(this::rejected, list -> list.size() == 1).getLast();
    assertThat(told.violations())
        .extracting(violation -> violation.field())
        .contains(
            "spec.encryption.kms.vault.vaultAddress", "spec.encryption.kms.vault.vaultKeyPath");
    assertThat(LabService.story(world).toString()).doesNotContain("hunter2");
    assertThat(service.metric("vaultkms_config_violations").orElse(0)).isGreaterThan(1);
  }

  @Test
  @Order(4)
  void namesASecretThatIsNotThereAndNoticesWhenItComes() {
    world.apply(world.apiServerDocument("transit/keys/kubernetes", "other-approle"));

    ConfigRejected told =
        await().atMost(LIMIT).until(this::rejected, list -> list.size() == 2).getLast();
    assertThat(told.violations().toString()).contains("other-approle", "role-id", "secret-id");

    world
        .admin()
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withNamespace("openshift-config")
                .withName("other-approle")
                .endMetadata()
                .addToStringData("role-id", "r")
                .addToStringData("secret-id", "s")
                .build())
        .create();
    assertThat(awaitChanged(3).kind()).isEqualTo(ConfigChange.IN_PLACE);
  }

  @Test
  @Order(5)
  void makesOneEventOfABurstAndTheLastStateWins() {
    for (String name : List.of("one", "two", "three")) {
      world.apply(world.apiServerDocument("transit/keys/" + name, "other-approle"));
    }

    await()
        .atMost(LIMIT)
        .until(
            () ->
                changed()
                    .getLast()
                    .fields()
                    .get("vault.vaultKeyPath")
                    .equals("transit/keys/three"));
    assertThat(changed()).hasSize(4);
    assertThat(changed().getLast().kind()).isEqualTo(ConfigChange.NEW_KEY);
  }

  @Test
  @Order(6)
  void saysNothingAgainAfterARestart() {
    service.process().kill();
    await().atMost(LIMIT).until(() -> service.process().handle().isEmpty());
    int before = LabService.story(world).size();
    service.process().start();
    await().atMost(LIMIT).until(service::ready);

    world.apply(world.apiServerDocument("transit/keys/four", "other-approle"));

    await().atMost(LIMIT).until(() -> LabService.story(world).size() > before);
    assertThat(LabService.story(world)).hasSize(before + 1);
    assertThat(changed().getLast().changes())
        .containsExactly(
            new FieldChange("vault.vaultKeyPath", "transit/keys/three", "transit/keys/four"));
  }

  @Test
  @Order(7)
  void isNotReadyWithoutItsClusterAndGoesOnWhenItComesBack() {
    String node = world.controlPlane().nodes().getFirst();
    world.controlPlane().stop(node);
    await().atMost(LIMIT).until(() -> service.get("/readyz").status() == 503);
    assertThat(service.get("/readyz").text()).contains("[-]cluster");
    assertThat(service.get("/livez").status()).isEqualTo(200);

    world.controlPlane().start(node);
    await().atMost(LIMIT).until(service::ready);
    int before = changed().size();
    world.apply(world.apiServerDocument("transit/keys/five", "other-approle"));
    awaitChanged(before + 1);
  }

  @Test
  @Order(8)
  void isNotReadyWithoutItsBrokerAndTellsWhenItComesBack() {
    world.broker().stop();
    await().atMost(LIMIT).until(() -> service.get("/readyz").status() == 503);
    assertThat(service.get("/readyz").text()).contains("Kafka at");
    world.apply(world.apiServerDocument("transit/keys/six", "other-approle"));

    world.broker().restart();
    await()
        .atMost(LIMIT)
        .until(
            () ->
                changed().getLast().fields().get("vault.vaultKeyPath").equals("transit/keys/six"));
    await().atMost(LIMIT).until(service::ready);
  }

  @Test
  @Order(9)
  void tellsNothingSecretInItsLog() throws Exception {
    assertThat(Files.readString(service.process().log())).doesNotContain(SECRET_ID, "hunter2");
  }

  private static ConfigChanged awaitChanged(int count) {
    await().atMost(LIMIT).until(() -> changed().size() >= count);
    assertThat(changed()).hasSize(count);
    return changed().getLast();
  }

  private static List<ConfigChanged> changed() {
    return of(ConfigChanged.class);
  }

  private List<ConfigRejected> rejected() {
    return of(ConfigRejected.class);
  }

  private static <E extends Event> List<E> of(Class<E> type) {
    return LabService.story(world).stream().filter(type::isInstance).map(type::cast).toList();
  }
}
