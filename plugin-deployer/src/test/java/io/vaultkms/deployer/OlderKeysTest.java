package io.vaultkms.deployer;

import static io.vaultkms.deployer.LabDeployer.LIMIT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.vaultkms.lab.vault.VaultPolicy;
import io.vaultkms.lab.world.WantedDocument;
import io.vaultkms.lab.world.World;
import io.vaultkms.model.decision.Step.Purpose;
import io.vaultkms.model.event.KeyUpdated;
import io.vaultkms.model.event.PreflightFailed;
import io.vaultkms.model.event.RolloutStarted;
import io.vaultkms.model.node.NodeReport;
import io.vaultkms.platform.cluster.Contract;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Credentials that change while the key before the newest is kept for backups, which has a plugin
 * of its own. One world whose story goes on.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OlderKeysTest {
  private static final String OLDER = "transit/keys/kubernetes";
  private static final String NEWEST = "transit/keys/newest";
  private static final String SECRET = "vault-approle";

  private static LabDeployer lab;
  private static World world;
  private static String otherRole;

  @BeforeAll
  static void moveFromOneKeyToAnother(@TempDir Path folder) {
    lab = LabDeployer.start(folder);
    world = lab.world();
    world.vault().createTransitKey("", "transit", "newest");
    world.vault().setPolicy(world.roleId(), VaultPolicy.forPlugin(OLDER, NEWEST));
    write(1, world.wanted());
    write(2, wanted());
  }

  @AfterAll
  static void stop() {
    lab.close();
  }

  @Test
  @Order(1)
  void bothKeysGetThemThoughVaultKnowsTheOldOnesNoMore() {
    String old = world.secretId();
    String fresh = world.vault().newSecretId(world.roleId());
    world.putCredentials(fresh);
    world.vault().revokeSecretId(world.roleId(), old);
    world.vault().revokeTokens();

    awaitInPlace(1);
    assertThat(lab.told(KeyUpdated.class)).extracting(KeyUpdated::keyId).containsExactly(2L, 1L);
    assertThat(lab.told(RolloutStarted.class))
        .filteredOn(told -> told.purpose() == Purpose.IN_PLACE)
        .extracting(RolloutStarted::keyId)
        .containsExactly(2L, 1L);
    for (long key : List.of(1L, 2L)) {
      assertThat(inBundle("kms-plugin-secret-vault-approle_secret-id-" + key)).isEqualTo(fresh);
    }
    assertThat(inBundle("kms-plugin-config-1")).contains(OLDER).doesNotContain(NEWEST);
  }

  @Test
  @Order(2)
  void aPluginThatHasToLogInAgainDoesSo() {
    NodeReport before = report();
    world.vault().revokeTokens();

    await()
        .atMost(LIMIT)
        .until(() -> report().reportedTime().isAfter(before.reportedTime()) && allHealthy());
    write(world.wanted().withKeyPath(NEWEST).withImage(World.NEWER_PLUGIN_IMAGE));
    awaitInPlace(2);
  }

  @Test
  @Order(3)
  void anOlderKeyKeepsWhatItHadWhereTheyDoNotWorkForIt() {
    String before = handshake(1);
    otherRole = world.vault().createAppRole("", "approle", NEWEST);
    put(Map.of("role-id", otherRole, "secret-id", world.vault().newSecretId(otherRole)));

    awaitInPlace(2);
    awaitFailure("Vault says 403 on GET " + OLDER);
    assertThat(handshake(1)).isEqualTo(before);
    assertThat(inBundle("kms-plugin-secret-vault-approle_role-id-1")).isEqualTo(world.roleId());
    assertThat(inBundle("kms-plugin-secret-vault-approle_role-id-2")).isEqualTo(otherRole);
    await().atMost(LIMIT).until(OlderKeysTest::allHealthy);
  }

  @Test
  @Order(4)
  void thatHoldsUpNothingElse() {
    write(wanted());

    awaitInPlace(2);
    assertThat(inBundle("kms-plugin-config-2")).contains(World.PLUGIN_IMAGE);
  }

  @Test
  @Order(5)
  void andItGetsThemOnceVaultLetsItUseThem() {
    world.vault().setPolicy(otherRole, VaultPolicy.forPlugin(OLDER, NEWEST));

    awaitInPlace(1);
    assertThat(inBundle("kms-plugin-secret-vault-approle_role-id-1")).isEqualTo(otherRole);
  }

  @Test
  @Order(6)
  void contentsThatMakeNoSenseChangeNeitherKey() {
    long revision = revision();
    List<String> before = List.of(handshake(1), handshake(2));
    put(Map.of("role-id", otherRole, "secret-id", "nonsense"));
    awaitFailure("AppRole login failed");
    int told = lab.told(PreflightFailed.class).size();
    world.admin().resource(secret(Map.of())).delete();

    await()
        .atMost(LIMIT)
        .until(
            () ->
                lab.told(PreflightFailed.class).stream()
                    .skip(told)
                    .anyMatch(failed -> failed.step().equals("References")));
    assertThat(List.of(handshake(1), handshake(2))).isEqualTo(before);
    assertThat(revision()).isEqualTo(revision);
    await().atMost(LIMIT).until(OlderKeysTest::allHealthy);
  }

  /** Until everything is written with a key, and the next one may come. */
  private static void write(long key, WantedDocument document) {
    write(document);
    await()
        .atMost(LIMIT)
        .until(() -> lab.converged(Purpose.WRITE_KEY, key, List.of(LabDeployer.NODE)));
    lab.migrated(key);
  }

  private static void write(WantedDocument document) {
    world.apply(document);
  }

  private static WantedDocument wanted() {
    return world.wanted().withKeyPath(NEWEST);
  }

  /** The key has what is in its Secret, and a revision after all that there were brings it. */
  private static void awaitInPlace(long key) {
    long before = revision();
    await()
        .atMost(LIMIT)
        .until(
            () ->
                revision() > before
                    && lab.converged(Purpose.IN_PLACE, key, List.of(LabDeployer.NODE)));
  }

  private static void awaitFailure(String words) {
    await()
        .atMost(LIMIT)
        .until(
            () ->
                lab.told(PreflightFailed.class).stream()
                    .anyMatch(told -> told.reason().contains(words)));
  }

  private static boolean allHealthy() {
    return report().plugins().size() == 2
        && report().plugins().stream().allMatch(NodeReport.PluginReport::healthy);
  }

  private static NodeReport report() {
    return lab.report(LabDeployer.NODE).orElseThrow();
  }

  private static String handshake(long key) {
    return lab.key(key).orElseThrow().getMetadata().getAnnotations().get(Contract.HANDSHAKE);
  }

  private static long revision() {
    return Long.parseLong(
        lab.bundle().orElseThrow().getMetadata().getAnnotations().get(Contract.REVISION));
  }

  private static String inBundle(String name) {
    return new String(
        Base64.getDecoder().decode(lab.bundle().orElseThrow().getData().get(name)), UTF_8);
  }

  private static void put(Map<String, String> data) {
    world.admin().resource(secret(data)).update();
  }

  private static Secret secret(Map<String, String> data) {
    return new SecretBuilder()
        .withNewMetadata()
        .withNamespace(Contract.CONFIG_NAMESPACE)
        .withName(SECRET)
        .endMetadata()
        .withStringData(data)
        .build();
  }
}
