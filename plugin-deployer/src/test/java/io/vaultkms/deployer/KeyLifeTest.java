package io.vaultkms.deployer;

import static io.vaultkms.deployer.LabDeployer.LIMIT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Secret;
import io.vaultkms.lab.world.World;
import io.vaultkms.model.decision.Step.Purpose;
import io.vaultkms.model.event.KeyRetired;
import io.vaultkms.model.event.RevisionConverged;
import io.vaultkms.model.event.RolloutStarted;
import io.vaultkms.model.event.SecretRestored;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * A key that is given up, and Secrets that are lost or others', in one world whose story goes on.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class KeyLifeTest {
  private static final String REFUSED = "vaultkms.io/refused";
  private static final String MIGRATED =
      "encryption.apiserver.operator.openshift.io/migrated-resources";

  private static LabDeployer lab;
  private static World world;

  @BeforeAll
  static void start(@TempDir Path folder) {
    lab = LabDeployer.start(folder, Map.of("ROLLOUT_STALLED_AFTER", "3s"));
    world = lab.world();
  }

  @AfterAll
  static void stop() {
    lab.close();
  }

  @Test
  @Order(1)
  void withdrawsAReadKeyThatStallsAndIsNotWanted() {
    world.apply(world.apiServerDocument());
    await().atMost(LIMIT).pollInterval(Duration.ofMillis(20)).until(() -> lab.key(1).isPresent());
    lab.agent().process().kill();
    await().atMost(LIMIT).until(() -> lab.bundle().isPresent());

    world.apply(plaintext());
    await().atMost(LIMIT).until(() -> revision() == 2);
    lab.agent().process().start();

    await().atMost(LIMIT).until(() -> converged(2));
    assertThat(lab.told(RolloutStarted.class))
        .extracting(RolloutStarted::purpose)
        .containsExactly(Purpose.READ_KEY, Purpose.WITHDRAW);
    await().atMost(LIMIT).until(() -> !lab.told(KeyRetired.class).isEmpty());
    assertThat(lab.told(KeyRetired.class).getFirst().how()).isEqualTo(KeyRetired.WITHDRAWN);
    assertThat(annotations(lab.key(1).orElseThrow())).containsKey("vaultkms.io/withdrawn-time");
    assertThat(lab.onNode("etc/kubernetes/manifests/vault-kms-plugin-1.json")).doesNotExist();
  }

  @Test
  @Order(2)
  void neverGivesAWithdrawnNumberAwayAgainThoughItsSecretIsDeleted() {
    lab.destroy(lab.key(1).orElseThrow());
    world.apply(world.apiServerDocument());

    await().atMost(LIMIT).until(() -> converged(4));
    assertThat(lab.key(1)).isEmpty();
    assertThat(lab.key(2)).isPresent();
    lab.migrated(2);
  }

  @Test
  @Order(3)
  void makesAKeyAnewFromTheBundleAndClaimsNothingForIt() {
    Secret before = lab.key(2).orElseThrow();
    lab.destroy(before);

    await().atMost(LIMIT).until(() -> lab.key(2).isPresent());
    Secret after = lab.key(2).orElseThrow();
    assertThat(after.getData()).isEqualTo(before.getData());
    assertThat(after.getMetadata().getFinalizers()).isNotEmpty();
    assertThat(annotations(after))
        .doesNotContainKey(MIGRATED)
        .containsEntry("vaultkms.io/handshake", annotations(before).get("vaultkms.io/handshake"));
    await().atMost(LIMIT).until(() -> restored("encryption-key-kube-apiserver-2"));
    assertThat(revision()).isEqualTo(4);
  }

  @Test
  @Order(4)
  void makesTheBundleAnewFromItsCopyAndTheCopyFromTheBundle() {
    Secret before = lab.bundle().orElseThrow();
    lab.destroy(before);

    await().atMost(LIMIT).until(() -> lab.bundle().isPresent());
    assertThat(lab.bundle().orElseThrow().getData()).isEqualTo(before.getData());
    assertThat(revision()).isEqualTo(4);
    await().atMost(LIMIT).until(() -> restored("encryption-config-kube-apiserver"));

    lab.destroy(copy(4).orElseThrow());
    await().atMost(LIMIT).until(() -> copy(4).isPresent());
    assertThat(copy(4).orElseThrow().getData()).isEqualTo(before.getData());
  }

  @Test
  @Order(5)
  void takesOverWhatHasNoneOfItsNotes() {
    lab.deployer().process().kill();
    await().atMost(LIMIT).until(() -> lab.deployer().process().handle().isEmpty());
    Secret key = lab.key(2).orElseThrow();
    Secret bundle = lab.bundle().orElseThrow();
    strip(lab.key(2).orElseThrow());
    strip(lab.bundle().orElseThrow());
    strip(copy(4).orElseThrow());
    lab.deployer().process().start();

    await()
        .atMost(LIMIT)
        .until(() -> annotations(lab.bundle().orElseThrow()).containsKey("vaultkms.io/revision"));
    for (String note : new String[] {"handshake", "kms-config"}) {
      assertThat(annotations(lab.key(2).orElseThrow()))
          .containsEntry("vaultkms.io/" + note, annotations(key).get("vaultkms.io/" + note));
    }
    for (String note : new String[] {"bundle", "revision"}) {
      assertThat(annotations(lab.bundle().orElseThrow()))
          .containsEntry("vaultkms.io/" + note, annotations(bundle).get("vaultkms.io/" + note));
    }
    assertThat(lab.bundle().orElseThrow().getData()).isEqualTo(bundle.getData());
    await()
        .atMost(LIMIT)
        .until(
            () ->
                lab.told(RevisionConverged.class).stream()
                    .anyMatch(told -> told.purpose() == Purpose.ADOPT));
    assertThat(revision()).isEqualTo(4);
  }

  @Test
  @Order(6)
  void saysWhatItCannotTakeOverAndGoesOnWhenThatIsGone() {
    Secret bundle = lab.bundle().orElseThrow();
    String known = bundle.getData().get("encryption-config");
    String unknown =
        new String(Base64.getDecoder().decode(known), UTF_8)
            .replace("{\"identity\":{}}", "{\"secretbox\":{\"keys\":[]}},{\"identity\":{}}");
    bundle
        .getData()
        .put("encryption-config", Base64.getEncoder().encodeToString(unknown.getBytes(UTF_8)));
    strip(bundle);

    await().atMost(LIMIT).until(() -> annotations(lab.bundle().orElseThrow()).containsKey(REFUSED));
    assertThat(annotations(lab.bundle().orElseThrow()).get(REFUSED))
        .isEqualTo(
            "Secret encryption-config-kube-apiserver cannot be taken over: resource configmaps has"
                + " a provider 'secretbox', which is not known here: let those who wrote it migrate"
                + " to identity, aescbc, aesgcm or kms first, and take it out");
    assertThat(lab.deployer().get("/readyz").text()).contains("a provider 'secretbox'");

    Secret mended = lab.bundle().orElseThrow();
    mended.getData().put("encryption-config", known);
    world.admin().resource(mended).update();

    await().atMost(LIMIT).until(lab.deployer()::ready);
    assertThat(annotations(lab.bundle().orElseThrow()))
        .containsKey("vaultkms.io/bundle")
        .doesNotContainKey(REFUSED);
  }

  private static void strip(Secret secret) {
    Map<String, String> kept = new HashMap<>(annotations(secret));
    kept.keySet().removeIf(name -> name.startsWith("vaultkms.io/"));
    secret.getMetadata().setAnnotations(kept);
    world.admin().resource(secret).update();
  }

  private static String plaintext() {
    return """
    apiVersion: config.openshift.io/v1
    kind: APIServer
    metadata:
      name: cluster
    spec:
      encryption:
        type: identity
    """;
  }

  private static boolean restored(String name) {
    return lab.told(SecretRestored.class).stream().anyMatch(told -> told.name().equals(name));
  }

  private static boolean converged(long revision) {
    return lab.told(RevisionConverged.class).stream().anyMatch(told -> told.revision() == revision);
  }

  private static Optional<Secret> copy(long revision) {
    return lab.secret("openshift-kube-apiserver", "encryption-config-" + revision);
  }

  private static long revision() {
    return lab.bundle()
        .map(bundle -> Long.parseLong(annotations(bundle).get("vaultkms.io/revision")))
        .orElse(0L);
  }

  private static Map<String, String> annotations(Secret secret) {
    return secret.getMetadata().getAnnotations();
  }
}
