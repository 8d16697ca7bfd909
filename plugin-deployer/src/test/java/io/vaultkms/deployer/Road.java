package io.vaultkms.deployer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vaultkms.lab.vault.VaultPolicy;
import io.vaultkms.lab.world.World;
import io.vaultkms.model.decision.Step.Purpose;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The whole road of keys: from plaintext to a key in Vault, to another key there, and back to
 * plaintext, when the first one is retired. On the way it is checked that no API server ever writes
 * what another cannot read.
 */
final class Road {
  private static final Duration LIMIT = Duration.ofMinutes(4);
  private static final String SECOND_KEY = World.KEY_MOUNT + "/keys/second";

  private final LabDeployer lab;
  private final Inventory inventory;
  private final Map<String, Map<String, String>> kept;
  private final KeysInForce keys;

  private Road(LabDeployer lab) {
    this.lab = lab;
    this.inventory = Inventory.fill(lab.world().admin());
    this.kept = inventory.read();
    this.keys = KeysInForce.watch(lab.controlPlane());
  }

  /** Before anything is wanted. */
  static Road begin(LabDeployer lab) {
    World world = lab.world();
    world.vault().createTransitKey("", World.KEY_MOUNT, "second");
    world
        .vault()
        .setPolicy(
            world.roleId(),
            VaultPolicy.forPlugin(World.KEY_MOUNT + "/keys/" + World.KEY_NAME, SECOND_KEY));
    return new Road(lab);
  }

  void toTheFirstKey() {
    lab.world().apply(lab.world().wanted());
    arrive(1, "k8s:enc:kms:v2:1_");
  }

  void toTheSecondKey() {
    lab.world().apply(lab.world().wanted().withKeyPath(SECOND_KEY));
    arrive(2, "k8s:enc:kms:v2:2_");
  }

  void toPlaintext() {
    lab.world().apply(lab.world().wanted().withType("identity"));
    arrive(3, "identity");
    await().atMost(LIMIT).until(() -> lab.converged(Purpose.RETIRE, 3, nodes()));
  }

  private void arrive(long keyId, String prefix) {
    await().atMost(LIMIT).until(() -> lab.converged(Purpose.WRITE_KEY, keyId, nodes()));
    inventory.migrateTo(lab.key(keyId).orElseThrow());
    assertThat(inventory.read()).isEqualTo(kept);
    assertThat(Inventory.names(lab.world().controlPlane().census()))
        .allSatisfy(name -> assertThat(name).startsWith(prefix));
    assertThat(keys.violations()).isEmpty();
  }

  private List<String> nodes() {
    return lab.world().controlPlane().nodes();
  }

  int configurationsTaken() {
    return keys.loads();
  }
}
