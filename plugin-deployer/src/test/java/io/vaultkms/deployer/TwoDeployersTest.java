package io.vaultkms.deployer;

import static io.vaultkms.deployer.LabDeployer.LIMIT;
import static java.util.Comparator.comparing;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vaultkms.lab.world.LabService;
import io.vaultkms.lab.world.World;
import io.vaultkms.model.decision.Step.Purpose;
import io.vaultkms.model.event.Event;
import io.vaultkms.model.event.KeyCreated;
import io.vaultkms.platform.cluster.Contract;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Two deployers that both look all the time: whatever one does, the other meant to do as well. */
class TwoDeployersTest {
  private static final int KEYS = 2;

  @Test
  void mintOneKeyForEachWishAndOneRevisionForEachStep(
      @TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder) {
    try (LabDeployer lab = LabDeployer.start(folder);
        LabService other = lab.anotherDeployer()) {
      World world = lab.world();
      await().atMost(LIMIT).until(other::ready);
      world.apply(document("aescbc"));
      writes(lab, 1);
      world.apply(document("aesgcm"));
      writes(lab, 2);

      assertThat(keys(lab)).hasSize(KEYS);
      assertThat(revisions(lab))
          .containsExactly("READ_KEY 1", "WRITE_KEY 1", "READ_KEY 2", "WRITE_KEY 2");
      await().atMost(LIMIT).until(() -> ids(lab.told(KeyCreated.class)).size() == KEYS);
    }
  }

  /**
   * Waits until the key writes everywhere, and claims that everything is migrated to it. Nothing
   * is: with a third key the first would go, and what is stored under it would be lost.
   */
  private static void writes(LabDeployer lab, long key) {
    await().atMost(LIMIT).until(() -> converged(lab, Purpose.WRITE_KEY, key));
    lab.migrated(key);
  }

  private static boolean converged(LabDeployer lab, Purpose purpose, long key) {
    return lab.converged(purpose, key, List.of(LabDeployer.NODE));
  }

  private static List<String> keys(LabDeployer lab) {
    return lab
        .world()
        .admin()
        .secrets()
        .inNamespace(Contract.MANAGED_NAMESPACE)
        .list()
        .getItems()
        .stream()
        .map(secret -> secret.getMetadata().getName())
        .filter(name -> name.startsWith("encryption-key-"))
        .toList();
  }

  /** What the copies say they are, in the order of their numbers. */
  private static List<String> revisions(LabDeployer lab) {
    return lab
        .world()
        .admin()
        .secrets()
        .inNamespace("openshift-kube-apiserver")
        .list()
        .getItems()
        .stream()
        .map(copy -> copy.getMetadata().getAnnotations())
        .sorted(comparing(noted -> Long.valueOf(noted.get(Contract.REVISION))))
        .map(noted -> noted.get(Contract.PURPOSE) + " " + noted.get(Contract.KEY_ID))
        .distinct()
        .toList();
  }

  private static List<String> ids(List<? extends Event> events) {
    return events.stream().map(Event::id).distinct().toList();
  }

  private static String document(String mode) {
    return """
    apiVersion: config.openshift.io/v1
    kind: APIServer
    metadata:
      name: cluster
    spec:
      encryption:
        type: %s
    """
        .formatted(mode);
  }
}
