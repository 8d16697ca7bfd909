package io.vaultkms.deployer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vaultkms.lab.vault.VaultPolicy;
import io.vaultkms.lab.world.World;
import io.vaultkms.model.decision.Step;
import io.vaultkms.model.decision.Step.Purpose;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * The whole road of keys: from plaintext to a key in Vault, to another key there, and back to
 * plaintext, when the first one is retired. On the way it is checked that no API server ever writes
 * what another cannot read.
 */
final class Road {
  private static final Duration LIMIT = Duration.ofMinutes(8);
  private static final String SECOND_KEY = World.KEY_MOUNT + "/keys/second";

  private final LabDeployer lab;
  private final Runnable step;
  private final Inventory inventory;
  private final Map<String, Map<String, String>> kept;
  private final KeysInForce keys;

  private Road(LabDeployer lab, Runnable step) {
    this.lab = lab;
    this.step = step;
    this.inventory = Inventory.fill(lab.world().admin());
    this.kept = inventory.read();
    this.keys = KeysInForce.watch(lab.controlPlane());
  }

  /** Before anything is wanted. */
  static Road begin(LabDeployer lab) {
    return begin(lab, () -> {});
  }

  /**
   * @param step what is done again and again until a place is reached
   */
  static Road begin(LabDeployer lab, Runnable step) {
    World world = lab.world();
    world.vault().createTransitKey("", World.KEY_MOUNT, "second");
    world
        .vault()
        .setPolicy(
            world.roleId(),
            VaultPolicy.forPlugin(World.KEY_MOUNT + "/keys/" + World.KEY_NAME, SECOND_KEY));
    return new Road(lab, step);
  }

  void toTheFirstKey() {
    lab.world().apply(lab.world().wanted());
    arrive(1, "k8s:enc:kms:v2:1_");
  }

  void toTheSecondKey() {
    lab.world().apply(lab.world().wanted().withKeyPath(SECOND_KEY));
    arrive(2, "k8s:enc:kms:v2:2_");
  }

  /** The first key is retired on the way. */
  void toPlaintext() {
    lab.world().apply(lab.world().wanted().withType("identity"));
    arrive(3, "identity");
    assertThat(lab.converged(Purpose.RETIRE, 3, nodes())).isTrue();
  }

  private void arrive(long keyId, String prefix) {
    go(() -> lab.converged(Purpose.WRITE_KEY, keyId, nodes()));
    inventory.migrateTo(lab.key(keyId).orElseThrow());
    assertThat(inventory.read()).isEqualTo(kept);
    assertThat(Inventory.prefixes(lab.world().controlPlane().census()))
        .allSatisfy(name -> assertThat(name).startsWith(prefix));
    go(() -> lab.next() instanceof Step.Settled);
    assertThat(keys.violations()).isEmpty();
  }

  private void go(Callable<Boolean> there) {
    await()
        .pollInterval(Duration.ofMillis(20))
        .atMost(LIMIT)
        .until(
            () -> {
              step.run();
              return there.call();
            });
  }

  private List<String> nodes() {
    return lab.world().controlPlane().nodes();
  }

  /** How many objects are kept in the cluster all the time. */
  int kept() {
    return kept.size();
  }

  int configurationsTaken() {
    return keys.loads();
  }
}
