package io.vaultkms.deployer;

import static io.vaultkms.deployer.LabDeployer.LIMIT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Secret;
import io.vaultkms.lab.world.World;
import io.vaultkms.model.config.KmsSpec;
import io.vaultkms.model.decision.Step.Purpose;
import io.vaultkms.model.event.KeyCreated;
import io.vaultkms.model.event.PluginReady;
import io.vaultkms.model.event.RevisionConverged;
import io.vaultkms.model.event.RolloutStarted;
import io.vaultkms.platform.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Deployer and agent as processes, in one world whose story goes on from test to test. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DeployerProcessTest {
  private static final String PREFIX = "encryption.apiserver.operator.openshift.io/";
  private static final String DATA = "encryption.apiserver.operator.openshift.io-";
  private static final String HANDSHAKE = "vaultkms.io/handshake";
  private static final String PREFLIGHT = "encryption-preflight-kube-apiserver";
  private static final String PLUGIN =
      "etc/kubernetes/static-pod-resources/kms-plugins/vault-kms-plugin-1";

  private static LabDeployer lab;
  private static World world;

  @BeforeAll
  static void start(@TempDir Path folder) {
    lab = LabDeployer.start(folder);
    world = lab.world();
  }

  @AfterAll
  static void stop() {
    lab.close();
  }

  @Test
  @Order(1)
  void bringsAFirstKeyToTheWriteKeyOfEveryResource() {
    world.apply(world.apiServerDocument());

    await().atMost(LIMIT).until(() -> converged(Purpose.WRITE_KEY) == 1);
    assertThat(lab.told(RolloutStarted.class))
        .extracting(RolloutStarted::purpose)
        .containsExactly(Purpose.READ_KEY, Purpose.WRITE_KEY);
    assertThat(lab.told(KeyCreated.class)).hasSize(1);
    assertThat(lab.told(KeyCreated.class).getFirst().reason()).endsWith("first-key");
    assertThat(lab.told(PluginReady.class)).extracting(PluginReady::node).contains("node-1");
  }

  @Test
  @Order(2)
  void theKeySecretHasTheShapeOfTheContract() throws IOException {
    Secret key = lab.key(1).orElseThrow();
    Map<String, String> annotations = key.getMetadata().getAnnotations();

    assertThat(key.getMetadata().getFinalizers()).containsExactly(PREFIX + "deletion-protection");
    assertThat(key.getMetadata().getLabels())
        .containsExactly(Map.entry(PREFIX + "component", "kube-apiserver"));
    assertThat(annotations)
        .containsOnlyKeys(
            "kubernetes.io/description",
            PREFIX + "mode",
            PREFIX + "internal-reason",
            PREFIX + "external-reason",
            "vaultkms.io/kms-config",
            HANDSHAKE)
        .containsEntry(PREFIX + "mode", "KMS")
        .containsEntry(PREFIX + "external-reason", "");
    assertThat(annotations.get(HANDSHAKE)).matches("[A-Za-z0-9_-]{8}");
    assertThat(key.getData())
        .containsOnlyKeys(
            DATA + "key",
            DATA + "kms-encryption-config",
            DATA + "kms-plugin-config",
            DATA + "kms-plugin-secret-vault-approle_role-id",
            DATA + "kms-plugin-secret-vault-approle_secret-id",
            DATA + "kms-plugin-configmap-vault-ca-bundle_ca-bundle.crt")
        .containsEntry(DATA + "key", Base64.getEncoder().encodeToString(new byte[16]));
    assertThat(text(key, DATA + "kms-plugin-secret-vault-approle_role-id"))
        .isEqualTo(world.roleId());
    KmsSpec kms = Json.read(text(key, DATA + "kms-plugin-config"), KmsSpec.class);
    assertThat(kms.provider().image()).isEqualTo(World.PLUGIN_IMAGE);
    JsonNode kmsOnly = Json.MAPPER.readTree(text(key, DATA + "kms-encryption-config"));
    assertThat(kmsOnly.path("resources").path(0).path("providers").toString())
        .isEqualTo(
            """
            [{"kms":{"apiVersion":"v2","name":"1",\
            "endpoint":"unix:///var/run/kmsplugin/kms-1.sock","timeout":"10s"}}]\
            """);
  }

  @Test
  @Order(3)
  void theBundleAndItsCopyHaveTheShapeOfTheContract() throws IOException {
    Secret bundle = lab.bundle().orElseThrow();
    Secret copy =
        lab.secret("openshift-kube-apiserver", "encryption-config-" + revision()).orElseThrow();

    assertThat(bundle.getMetadata().getLabels())
        .containsExactly(Map.entry(PREFIX + "component", "kube-apiserver"));
    assertThat(bundle.getData())
        .containsOnlyKeys(
            "encryption-config",
            "kms-plugin-config-1",
            "kms-plugin-secret-vault-approle_role-id-1",
            "kms-plugin-secret-vault-approle_secret-id-1",
            "kms-plugin-configmap-vault-ca-bundle_ca-bundle.crt-1")
        .isEqualTo(copy.getData());
    assertThat(lab.secret("openshift-kube-apiserver", "encryption-config-1")).isPresent();
    JsonNode resources = Json.MAPPER.readTree(text(bundle, "encryption-config")).get("resources");
    assertThat(resources).hasSize(2);
    for (int i = 0; i < 2; i++) {
      String name = List.of("configmaps", "secrets").get(i);
      assertThat(resources.get(i).path("resources").toString()).isEqualTo("[\"" + name + "\"]");
      assertThat(resources.get(i).path("providers").toString())
          .isEqualTo(
              """
              [{"kms":{"apiVersion":"v2","name":"1_%s",\
              "endpoint":"unix:///var/run/kmsplugin/kms-1.sock","timeout":"10s"}},{"identity":{}}]\
              """
                  .formatted(name));
    }
  }

  @Test
  @Order(4)
  void whatLiesOnTheNodeIsForItsOwnerAlone() throws IOException {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(lab.onNode("etc/kubernetes"))) {
      files = walk.filter(Files::isRegularFile).toList();
    }

    assertThat(files)
        .contains(
            lab.onNode("etc/kubernetes/encryption/encryption-config.json"),
            lab.onNode("etc/kubernetes/manifests/vault-kms-plugin-1.json"),
            lab.onNode(PLUGIN + "/secret-id"),
            lab.onNode(PLUGIN + "/ca-bundle.crt"));
    for (Path file : files) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .as(file.toString())
          .isEqualTo("rw-------");
    }
  }

  @Test
  @Order(5)
  void bringsNewCredentialsInPlaceThoughTheDeployerIsKilledAfterEachAct() {
    String before = handshake(lab.key(1).orElseThrow());
    long revision = revision();

    String secretId = world.vault().newSecretId(world.roleId());
    world.putCredentials(secretId);
    crashDeployerOnce(() -> lab.managed(PREFLIGHT).isPresent());
    crashDeployerOnce(() -> !handshake(lab.key(1).orElseThrow()).equals(before));
    crashDeployerOnce(() -> revision() > revision);

    awaitInPlace(secretId, revision);
    assertThat(revision()).isEqualTo(revision + 1);
  }

  @Test
  @Order(6)
  void bringsNewCredentialsInPlaceThoughTheAgentIsKilledInPreflightAndInRollout() {
    long revision = revision();

    String secretId = world.vault().newSecretId(world.roleId());
    world.putCredentials(secretId);
    Path candidate = lab.onNode("etc/kubernetes/manifests/vault-kms-preflight-1.json");
    await().atMost(LIMIT).until(() -> Files.exists(candidate));
    LabDeployer.crash(lab.agent());
    await().atMost(LIMIT).until(() -> revision() > revision);
    LabDeployer.crash(lab.agent());

    awaitInPlace(secretId, revision);
    assertThat(candidate).doesNotExist();
  }

  @Test
  @Order(7)
  void goesOnFromARolloutOfWhichOnlyTheCopyWasWritten() {
    long revision = revision();
    Secret copy =
        lab.secret("openshift-kube-apiserver", "encryption-config-" + revision).orElseThrow();
    copy.getMetadata().setName("encryption-config-" + (revision + 1));
    copy.getMetadata().getAnnotations().put("vaultkms.io/revision", "" + (revision + 1));
    copy.getMetadata().setResourceVersion(null);
    copy.getMetadata().setUid(null);
    world.admin().resource(copy).create();

    String secretId = world.vault().newSecretId(world.roleId());
    world.putCredentials(secretId);

    awaitInPlace(secretId, revision);
    assertThat(revision()).isEqualTo(revision + 2);
  }

  @Test
  @Order(8)
  void showsNoSecretInItsLogs() throws IOException {
    String secretId =
        text(lab.key(1).orElseThrow(), DATA + "kms-plugin-secret-vault-approle_secret-id");
    assertThat(Files.readString(lab.deployer().process().log())).doesNotContain(secretId);
    assertThat(Files.readString(lab.agent().process().log())).doesNotContain(secretId);
  }

  private static void crashDeployerOnce(Callable<Boolean> moment) {
    await().atMost(LIMIT).pollInterval(Duration.ofMillis(20)).until(moment);
    LabDeployer.crash(lab.deployer());
  }

  /** The key, the bundle and the node have the new credentials, and the node has converged. */
  private static void awaitInPlace(String secretId, long after) {
    await()
        .atMost(LIMIT)
        .until(
            () ->
                lab.told(RevisionConverged.class).stream()
                    .anyMatch(
                        told ->
                            told.revision() > after
                                && told.purpose() == Purpose.IN_PLACE
                                && told.revision() == revision()));
    Secret key = lab.key(1).orElseThrow();
    assertThat(text(key, DATA + "kms-plugin-secret-vault-approle_secret-id")).isEqualTo(secretId);
    assertThat(text(lab.bundle().orElseThrow(), "kms-plugin-secret-vault-approle_secret-id-1"))
        .isEqualTo(secretId);
    assertThat(lab.onNode(PLUGIN + "/secret-id")).hasContent(secretId);
    assertThat(lab.onNode("etc/kubernetes/manifests/vault-kms-plugin-1.json"))
        .content()
        .contains(handshake(key));
    assertThat(lab.key(2)).isEmpty();
    await().atMost(LIMIT).until(() -> lab.managed(PREFLIGHT).isEmpty());
  }

  private static long converged(Purpose purpose) {
    return lab.told(RevisionConverged.class).stream()
        .filter(told -> told.purpose() == purpose)
        .count();
  }

  private static long revision() {
    return Long.parseLong(
        lab.bundle().orElseThrow().getMetadata().getAnnotations().get("vaultkms.io/revision"));
  }

  private static String handshake(Secret secret) {
    return secret.getMetadata().getAnnotations().get(HANDSHAKE);
  }

  private static String text(Secret secret, String dataKey) {
    return new String(Base64.getDecoder().decode(secret.getData().get(dataKey)), UTF_8);
  }
}
