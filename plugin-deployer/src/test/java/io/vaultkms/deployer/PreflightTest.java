package io.vaultkms.deployer;

import static io.vaultkms.deployer.LabDeployer.LIMIT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.vaultkms.lab.plugin.PluginCommand;
import io.vaultkms.lab.tls.CertificateAuthority;
import io.vaultkms.lab.vault.VaultPolicy;
import io.vaultkms.lab.world.WantedDocument;
import io.vaultkms.lab.world.World;
import io.vaultkms.model.event.PreflightFailed;
import io.vaultkms.model.event.PreflightSucceeded;
import io.vaultkms.model.event.RevisionConverged;
import io.vaultkms.platform.cluster.Contract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is wrong is named before anything depends on it. One world, in which one thing after the
 * other is wrong; the next one is broken before the last one is mended, so that nothing is minted.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PreflightTest {
  private static final String KEY = "transit/keys/kubernetes";
  private static final String WRONG = "a-wrong-secret-id-nobody-may-see";

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
  void namesASecretThatIsNotThere() throws IOException {
    world.apply(world.apiServerDocument("transit/keys/kubernetes", "other-approle"));

    PreflightFailed told = awaitFailure("other-approle", "role-id", "secret-id");
    assertThat(told.step()).isEqualTo("References");
    assertNothingMinted();
  }

  @Test
  @Order(2)
  void namesADataKeyThatIsNotThere() throws IOException {
    putOther(Map.of("role-id", world.roleId()));

    String reason =
        "spec.encryption.kms.vault.authentication.appRole.secret.name 'other-approle' must name a"
            + " Secret in openshift-config with a value under the data key ";
    PreflightFailed told = awaitFailure(text -> text.equals(reason + "secret-id"));
    assertThat(told.step()).isEqualTo("References");
    assertNothingMinted();
  }

  @Test
  @Order(3)
  void namesAnImageThatCannotBePulled() throws IOException {
    String image = "registry.lab.example/vault/none@sha256:" + "0".repeat(64);
    world.apply(other().withImage(image));
    putOther(newCredentials());

    PreflightFailed told = awaitFailure("image " + image + " cannot be pulled: Back-off pulling");
    assertThat(told.step()).isEqualTo("Start");
    assertThat(told.node()).isEqualTo(LabDeployer.NODE);
    assertNothingMinted();
  }

  @Test
  @Order(4)
  void namesAFlagThatThePluginDoesNotKnow() throws IOException {
    String image = "registry.lab.example/vault/kube-kms@sha256:" + "1".repeat(64);
    world.addImage(image, PluginCommand.of(List.of("-colour=blue")));
    world.apply(other().withImage(image));

    PreflightFailed told = awaitFailure("the plugin ended with exit code 2: unknown flag -colour");
    assertThat(told.step()).isEqualTo("Start");
    assertNothingMinted();
  }

  @Test
  @Order(5)
  void namesCredentialsThatVaultRefuses() throws IOException {
    putOther(Map.of("role-id", world.roleId(), "secret-id", WRONG));
    world.apply(other());

    PreflightFailed told = awaitFailure("AppRole login failed: Vault says 400");
    assertThat(told.step()).isEqualTo("Status");
    assertNothingMinted();
  }

  @Test
  @Order(6)
  void namesTheCaThatDidNotSignVaultsCertificate() throws IOException {
    putCa(CertificateAuthority.create("another").caPem());
    putOther(newCredentials());

    awaitFailure("Vault's certificate is not signed by a CA in ", "/ca-bundle.crt");
    assertNothingMinted();
  }

  @Test
  @Order(7)
  void namesTheNameThatVaultsCertificateIsNotFor() throws IOException {
    world.apply(
        other()
            .yaml()
            .replace("        tls:\n", "        tls:\n          serverName: elsewhere\n"));
    putCa(world.vault().caPem());

    awaitFailure("Vault's certificate is not for the name elsewhere");
    assertNothingMinted();
  }

  @Test
  @Order(8)
  void namesThePathThatPermissionIsDeniedOn() throws IOException {
    world
        .vault()
        .setPolicy(
            world.roleId(),
            VaultPolicy.forPlugin(KEY)
                .granting("transit/encrypt/kubernetes", VaultPolicy.Capability.READ));
    world.apply(other());

    awaitFailure("Vault says 403 on POST transit/encrypt/kubernetes: permission denied");
    assertNothingMinted();
  }

  @Test
  @Order(9)
  void saysThatVaultIsSealed() throws IOException {
    Map<String, String> credentials = newCredentials();
    world.vault().seal();
    putOther(credentials);

    awaitFailure("Vault says 503: Vault is sealed");
    assertNothingMinted();
  }

  @Test
  @Order(10)
  void namesAKeyThatVaultDoesNotHave() throws IOException {
    world.apply(other().withKeyPath("transit/keys/later"));
    world.vault().setPolicy(world.roleId(), VaultPolicy.forPlugin(KEY, "transit/keys/later"));
    world.vault().unseal();

    awaitFailure("Vault says 404 on GET transit/keys/later");
    assertNothingMinted();
  }

  @Test
  @Order(11)
  void goesOnByItselfWhenWhatWasWrongIsMendedInVault() {
    world.vault().createTransitKey("", "transit", "later");

    await()
        .atMost(LIMIT)
        .until(
            () ->
                lab.told(RevisionConverged.class).stream()
                    .anyMatch(converged -> converged.purpose().name().equals("WRITE_KEY")));
    assertThat(lab.told(PreflightSucceeded.class)).isNotEmpty();
    assertThat(lab.key(1)).isPresent();
    assertThat(lab.key(2)).isEmpty();
  }

  @Test
  @Order(12)
  void leavesNothingBehindAndShowsNoSecret() throws Exception {
    await().atMost(LIMIT).until(() -> lab.managed("encryption-preflight-kube-apiserver").isEmpty());
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () -> {
              assertThat(lab.onNode("etc/kubernetes/manifests"))
                  .isDirectoryNotContaining("glob:**preflight**");
              assertThat(lab.onNode("etc/kubernetes/static-pod-resources/kms-plugins"))
                  .isDirectoryNotContaining("glob:**preflight**");
            });
    assertThat(Files.readString(lab.deployer().process().log())).doesNotContain(WRONG);
    assertThat(Files.readString(lab.agent().process().log())).doesNotContain(WRONG);
    assertThat(lab.told(PreflightFailed.class).toString()).doesNotContain(WRONG);
  }

  private static Map<String, String> newCredentials() {
    String secretId = world.vault().newSecretId(world.roleId());
    return Map.of("role-id", world.roleId(), "secret-id", secretId);
  }

  private static WantedDocument other() {
    return world.wanted().withSecret("other-approle");
  }

  private static PreflightFailed awaitFailure(String... words) {
    return awaitFailure(reason -> Stream.of(words).allMatch(reason::contains));
  }

  private static PreflightFailed awaitFailure(Predicate<String> reason) {
    return await()
        .atMost(LIMIT)
        .until(
            () -> lab.told(PreflightFailed.class),
            told -> !told.isEmpty() && reason.test(told.getLast().reason()))
        .getLast();
  }

  private static void assertNothingMinted() throws IOException {
    assertThat(lab.key(1)).isEmpty();
    assertThat(lab.bundle()).isEmpty();
    Path config = lab.onNode("etc/kubernetes/encryption/encryption-config.json");
    assertThat(Files.notExists(config) || !Files.readString(config).contains("kms")).isTrue();
  }

  private static void putOther(Map<String, String> data) {
    world
        .admin()
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withNamespace(Contract.CONFIG_NAMESPACE)
                .withName("other-approle")
                .endMetadata()
                .withStringData(data)
                .build())
        .createOr(existing -> existing.update());
  }

  private static void putCa(String pem) {
    world
        .admin()
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace(Contract.CONFIG_NAMESPACE)
                .withName("vault-ca-bundle")
                .endMetadata()
                .addToData("ca-bundle.crt", pem)
                .build())
        .createOr(existing -> existing.update());
  }
}
