package io.vaultkms.cli.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.vaultkms.cli.RealAssets;
import io.vaultkms.lab.world.LabService;
import io.vaultkms.lab.world.World;
import io.vaultkms.model.event.EncryptionSettled;
import io.vaultkms.model.event.Event;
import io.vaultkms.model.event.PluginReady;
import io.vaultkms.model.event.RolloutStarted;
import io.vaultkms.platform.cluster.Contract;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An aggregated API server, the two pods of a Deployment, goes from plaintext to a key in Vault, to
 * another, and back, with a plugin in each pod; while somebody reads and writes all the time.
 */
class DeploymentRolloutIT {
  private static final String COMPONENT = "openshift-apiserver";
  private static final int ROUTES = 100;

  private final List<LabService> services = new ArrayList<>();
  private final List<String> failures = new CopyOnWriteArrayList<>();

  @AfterEach
  void stopServices() {
    services.forEach(LabService::close);
  }

  @Test
  void goesToVaultToAnotherKeyAndBackOnTheStandIn(@TempDir Path folder)
      throws InterruptedException {
    try (AggregatedWorld cluster = AggregatedWorld.standIn(folder)) {
      goesToVaultToAnotherKeyAndBack(cluster);
    }
  }

  @Test
  void goesToVaultToAnotherKeyAndBackOnARealApiServer(@TempDir Path folder)
      throws InterruptedException {
    try (AggregatedWorld cluster = AggregatedWorld.real(folder, RealAssets.find())) {
      goesToVaultToAnotherKeyAndBack(cluster);
    }
  }

  private void goesToVaultToAnotherKeyAndBack(AggregatedWorld cluster) throws InterruptedException {
    patiently().until(() -> ready(cluster) == 2);
    patiently().until(() -> cluster.routes().list().getItems().isEmpty());
    for (int i = 0; i < ROUTES; i++) {
      cluster.makeRoute("route-" + i);
    }
    assertThat(cluster.stored()).containsExactly(Map.entry("identity", (long) ROUTES));
    startServices(cluster.world());
    Thread user = Thread.ofVirtual().start(() -> useRoutes(cluster));

    cluster.world().apply(cluster.world().apiServerDocument());
    awaitSettled(cluster, 1);
    assertThat(cluster.stored().keySet()).containsExactly("k8s:enc:kms:v2:1_routes");
    assertThat(cluster.pods()).hasSize(2).allSatisfy(pod -> assertCarries(pod, 1));

    cluster.makeKey("other", "other-approle");
    cluster
        .world()
        .apply(cluster.world().apiServerDocument(World.KEY_MOUNT + "/keys/other", "other-approle"));
    awaitSettled(cluster, 2);
    assertThat(cluster.stored().keySet()).containsExactly("k8s:enc:kms:v2:2_routes");
    assertThat(cluster.pods()).hasSize(2).allSatisfy(pod -> assertCarries(pod, 1, 2));

    cluster.world().apply(IDENTITY);
    awaitSettled(cluster, 3);
    assertThat(cluster.stored().keySet()).containsExactly("identity");
    assertThat(cluster.pods()).hasSize(2).allSatisfy(pod -> assertCarries(pod, 2));

    user.interrupt();
    user.join();
    assertThat(failures).isEmpty();
    assertStory(cluster.world());
  }

  private static final String IDENTITY =
      """
      apiVersion: config.openshift.io/v1
      kind: APIServer
      metadata:
        name: cluster
      spec:
        encryption:
          type: identity
      """;

  private void startServices(World world) {
    Map<String, String> variables =
        Map.of(
            "COMPONENTS",
            COMPONENT + "=routes.route.openshift.io@openshift-apiserver/apiserver",
            "RESYNC_INTERVAL",
            "2s");
    services.add(
        LabService.start(
            world,
            "plugin-deployer",
            "io.vaultkms.deployer.PluginDeployer",
            with(
                variables,
                Map.of(
                    "REPORTER_IMAGE",
                    AggregatedWorld.PROJECT_IMAGE,
                    "REPORTER_POLL_INTERVAL",
                    "300ms",
                    "REPORTER_PROBE_INTERVAL",
                    "5s"))));
    services.add(
        LabService.start(
            world,
            "migrator",
            "io.vaultkms.migrator.Migrator",
            with(variables, Map.of("MIGRATOR_REQUEST_TIMEOUT", "5s"))));
    services.add(
        LabService.start(world, "health-monitor", "io.vaultkms.health.HealthMonitor", variables));
    patiently().until(() -> services.stream().allMatch(LabService::ready));
  }

  private static Map<String, String> with(Map<String, String> some, Map<String, String> more) {
    Map<String, String> all = new java.util.HashMap<>(some);
    all.putAll(more);
    return all;
  }

  /** Every route can be read and one more can be written at any moment. */
  private void useRoutes(AggregatedWorld cluster) {
    for (int i = 0; !Thread.currentThread().isInterrupted(); i++) {
      try {
        makeOnce(cluster, "late-" + i);
        int found = cluster.routes().inNamespace("default").list().getItems().size();
        if (found != ROUTES + i + 1) {
          failures.add("%d routes of %d".formatted(found, ROUTES + i + 1));
        }
      } catch (KubernetesClientException e) {
        if (!Thread.currentThread().isInterrupted()) {
          failures.add(String.valueOf(e.getMessage()));
        }
      }
      java.util.concurrent.locks.LockSupport.parkNanos(Duration.ofMillis(300).toNanos());
    }
  }

  /** A client repeats a request whose answer was lost with its API server. */
  private static void makeOnce(AggregatedWorld cluster, String name) {
    try {
      cluster.makeRoute(name);
    } catch (KubernetesClientException e) {
      if (e.getCode() != 409) {
        throw e;
      }
    }
  }

  private static long ready(AggregatedWorld cluster) {
    return cluster.pods().stream()
        .filter(pod -> pod.getStatus() != null)
        .flatMap(pod -> pod.getStatus().getConditions().stream())
        .filter(it -> it.getType().equals("Ready") && it.getStatus().equals("True"))
        .count();
  }

  private static void awaitSettled(AggregatedWorld cluster, long key) {
    patiently()
        .until(
            () ->
                LabService.story(cluster.world()).stream()
                    .anyMatch(it -> it instanceof EncryptionSettled told && told.keyId() == key));
  }

  private static void assertCarries(Pod pod, long... keys) {
    List<String> expected = new ArrayList<>();
    for (long key : keys) {
      expected.add("vault-kms-plugin-" + key);
    }
    expected.add("vaultkms-reporter");
    assertThat(pod.getSpec().getInitContainers())
        .extracting(Container::getName)
        .containsExactlyElementsOf(expected);
  }

  /** The names of pods are the names of their reports, and pods that are gone have none left. */
  private static void assertStory(World world) {
    List<Event> story = LabService.story(world);
    assertThat(story).allSatisfy(it -> assertThat(it.component()).isEqualTo(COMPONENT));
    assertThat(story).filteredOn(RolloutStarted.class::isInstance).hasSizeGreaterThan(5);
    assertThat(story)
        .filteredOn(PluginReady.class::isInstance)
        .extracting(it -> ((PluginReady) it).node())
        .allMatch(node -> node.startsWith(COMPONENT + ".apiserver-"));
    patiently()
        .until(
            () ->
                world
                        .admin()
                        .genericKubernetesResources(Contract.ENCRYPTION_NODES)
                        .list()
                        .getItems()
                        .size()
                    == 2);
  }

  private static ConditionFactory patiently() {
    return Awaitility.await()
        .atMost(Duration.ofMinutes(10))
        .pollInterval(Duration.ofSeconds(1))
        .ignoreExceptions();
  }
}
