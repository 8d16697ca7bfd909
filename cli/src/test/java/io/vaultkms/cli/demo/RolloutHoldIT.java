package io.vaultkms.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaultkms.cli.RealAssets;
import io.vaultkms.lab.cluster.ControlPlane;
import io.vaultkms.lab.kubeapi.KubeAssets;
import io.vaultkms.lab.kubeapi.KubeControlPlane;
import io.vaultkms.lab.world.LabService;
import io.vaultkms.lab.world.World;
import io.vaultkms.lab.world.World.ControlPlaneSite;
import io.vaultkms.model.event.EncryptionSettled;
import io.vaultkms.model.event.Event;
import io.vaultkms.model.event.RevisionConverged;
import io.vaultkms.model.event.RolloutStarted;
import io.vaultkms.model.node.NodeReport;
import io.vaultkms.platform.cluster.Contract;
import io.vaultkms.platform.cluster.Observer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An API server that is down while a revision goes out holds the rollout, since nobody knows what
 * it will read and write with; once it is back everything goes on by itself.
 */
class RolloutHoldIT {
  private static final Duration HOLD = Duration.ofSeconds(10);
  private static final String DOWN = "node-2";

  @TempDir private Path folder;

  @Test
  void anApiServerThatIsDownHoldsTheRolloutOnTheStandIn() {
    holdsAndGoesOn(site -> World.standIn(site, Duration.ofSeconds(10)));
  }

  @Test
  void anApiServerThatIsDownHoldsTheRolloutOnARealOne() {
    KubeAssets assets = RealAssets.find();
    holdsAndGoesOn(site -> KubeControlPlane.start(assets, site));
  }

  private void holdsAndGoesOn(Function<ControlPlaneSite, ControlPlane> backend) {
    Path dist = Path.of("..", "target", "dist").toAbsolutePath().normalize();
    try (World world = World.start(folder, backend, 2);
        Programs programs = new Programs(world, dist)) {
      programs.start();
      programs.awaitReady();
      world.apply(world.apiServerDocument());
      patiently().until(() -> told(world, RolloutStarted.class::isInstance));

      world.controlPlane().stop(DOWN);

      patiently().until(() -> converged(world, "node-1") == 1);
      patiently().during(HOLD).until(() -> !told(world, RevisionConverged.class::isInstance));
      assertThat(converged(world, DOWN)).isZero();

      world.controlPlane().start(DOWN);

      patiently().until(() -> told(world, RolloutHoldIT::isSettled));
      Map<String, Map<String, Long>> census = world.controlPlane().census();
      assertThat(census.get("secrets").keySet()).containsExactly("k8s:enc:kms:v2:1_secrets");
      assertThat(census.get("configmaps").keySet()).containsExactly("k8s:enc:kms:v2:1_configmaps");
    }
  }

  private static ConditionFactory patiently() {
    return Awaitility.await()
        .atMost(Duration.ofMinutes(5))
        .pollInterval(Duration.ofSeconds(1))
        .ignoreExceptions();
  }

  private static boolean told(World world, Predicate<Event> event) {
    return LabService.story(world).stream().anyMatch(event);
  }

  private static boolean isSettled(Event event) {
    return event instanceof EncryptionSettled settled && settled.keyId() == 1;
  }

  private static long converged(World world, String node) {
    return Optional.ofNullable(
            world
                .admin()
                .genericKubernetesResources(Contract.ENCRYPTION_NODES)
                .withName(node)
                .get())
        .flatMap(Observer::report)
        .map(NodeReport::convergedRevision)
        .orElse(0L);
  }
}
