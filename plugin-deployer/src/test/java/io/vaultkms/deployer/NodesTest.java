package io.vaultkms.deployer;

import static io.vaultkms.deployer.LabDeployer.LIMIT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.vaultkms.lab.kubelet.PodStatus;
import io.vaultkms.lab.vault.VaultPolicy;
import io.vaultkms.lab.world.World;
import io.vaultkms.model.decision.Step.Purpose;
import io.vaultkms.model.node.NodeReport;
import io.vaultkms.model.node.NodeReport.PreflightReport;
import io.vaultkms.platform.cluster.Contract;
import io.vaultkms.platform.kms.KmsPlugin;
import io.vaultkms.platform.kms.KmsPluginException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that come, fail and go, in one world whose story goes on from test to test. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class NodesTest {
  private static final String FIRST = "node-1";
  private static final String SECOND = "node-2";
  private static final String LATER_KEY = World.KEY_MOUNT + "/keys/later";

  private static LabDeployer lab;
  private static World world;

  @BeforeAll
  static void start(@TempDir Path folder) throws IOException {
    lab = LabDeployer.startWithoutAgents(folder, 2);
    world = lab.world();
    world.vault().createTransitKey("", World.KEY_MOUNT, "later");
    world
        .vault()
        .setPolicy(
            world.roleId(),
            VaultPolicy.forPlugin(World.KEY_MOUNT + "/keys/" + World.KEY_NAME, LATER_KEY));
    // The second node is still to come.
    lab.controlPlane().stop(SECOND);
    world.admin().nodes().withName(SECOND).delete();
    Files.delete(world.controlPlane().encryptionConfig(SECOND));
    lab.startAgent(FIRST);
    lab.awaitReady();
  }

  @AfterAll
  static void stop() {
    lab.close();
  }

  @Test
  @Order(1)
  void aNodeThatJoinsHasItsPluginAndFileBeforeItsApiServerStarts() throws IOException {
    world.apply(world.wanted());
    await().atMost(LIMIT).until(() -> lab.converged(Purpose.WRITE_KEY, 1, List.of(FIRST)));

    register(SECOND);
    lab.startAgent(SECOND);
    Path file = world.controlPlane().encryptionConfig(SECOND);
    await().atMost(LIMIT).until(() -> Files.exists(file));
    assertThat(file).content().contains("kms-1.sock");
    assertThat(healthy(SECOND, "kms-1.sock")).isTrue();
    assertThat(lab.converged(Purpose.WRITE_KEY, 1, List.of(SECOND))).isFalse();

    lab.controlPlane().start(SECOND);
    await().atMost(LIMIT).until(() -> lab.converged(Purpose.WRITE_KEY, 1, List.of(FIRST, SECOND)));
  }

  @Test
  @Order(2)
  void pluginsOutliveTheirApiServerAndAgentsChangeNothingWithoutIt() throws IOException {
    List<PodStatus> before = world.kubelet(FIRST).pods();
    Map<Path, String> files = files(FIRST);
    for (String node : List.of(FIRST, SECOND)) {
      lab.controlPlane().stop(node);
    }

    LabDeployer.crash(lab.agent(FIRST));
    await().atMost(LIMIT).until(() -> lab.agent(FIRST).get("/readyz").status() == 503);
    assertThat(files(FIRST)).isEqualTo(files);
    assertThat(world.kubelet(FIRST).pods()).isEqualTo(before);
    assertThat(healthy(FIRST, "kms-1.sock")).isTrue();

    for (String node : List.of(FIRST, SECOND)) {
      lab.controlPlane().start(node);
    }
    await().atMost(LIMIT).until(() -> lab.agent(FIRST).ready());
    assertThat(files(FIRST)).isEqualTo(files);
  }

  @Test
  @Order(3)
  void twoPluginsAndACandidateRunBesideEachOther() {
    Inventory.fill(world.admin()).migrateTo(lab.key(1).orElseThrow());
    world.apply(world.wanted().withKeyPath(LATER_KEY));
    await().atMost(LIMIT).until(() -> lab.converged(Purpose.WRITE_KEY, 2, List.of(FIRST, SECOND)));

    // A candidate that cannot log in stays; those that serve have logged in with the old ones.
    world.putCredentials("no-secret-id-of-this-vault");
    await()
        .atMost(LIMIT)
        .until(
            () -> running(FIRST),
            List.of("vault-kms-plugin-1", "vault-kms-plugin-2", "vault-kms-preflight-2")::equals);
    assertThat(world.kubelet(FIRST).pods()).extracting(PodStatus::restarts).containsOnly(0);

    world.putCredentials(world.vault().newSecretId(world.roleId()));
    // First the key that writes, then the older one, which refers to the same Secret.
    await().atMost(LIMIT).until(() -> lab.converged(Purpose.IN_PLACE, 1, List.of(FIRST, SECOND)));
    await()
        .atMost(LIMIT)
        .until(() -> running(FIRST), List.of("vault-kms-plugin-1", "vault-kms-plugin-2")::equals);
  }

  @Test
  @Order(4)
  void aNodeThatIsGoneIsWaitedForUntilItsReportGoesToo() {
    lab.agent(SECOND).process().kill();
    lab.controlPlane().stop(SECOND);
    world.admin().nodes().withName(SECOND).delete();
    long revision = revision();

    world.putCredentials(world.vault().newSecretId(world.roleId()));
    await()
        .atMost(LIMIT)
        .until(
            () ->
                lab.report(FIRST)
                    .map(NodeReport::preflight)
                    .filter(PreflightReport::passed)
                    .isPresent());
    assertThat(revision()).as("the other one's API server may serve still").isEqualTo(revision);

    // What the garbage collector of a cluster does, since the Node owns it.
    world.admin().genericKubernetesResources(Contract.ENCRYPTION_NODES).withName(SECOND).delete();
    await().atMost(LIMIT).until(() -> revision() > revision);
    await().atMost(LIMIT).until(() -> lab.converged(Purpose.IN_PLACE, 1, List.of(FIRST)));
  }

  private static void register(String name) {
    Node node =
        new NodeBuilder()
            .withNewMetadata()
            .withName(name)
            .addToLabels(Contract.CONTROL_PLANE_LABEL, "")
            .endMetadata()
            .build();
    world.admin().resource(node).create();
  }

  private static boolean healthy(String node, String socket) {
    Path path = world.root(node).resolve("var/run/kmsplugin").resolve(socket);
    try (KmsPlugin plugin = new KmsPlugin(path, Duration.ofSeconds(10))) {
      return plugin.status().healthy();
    } catch (KmsPluginException e) {
      return false;
    }
  }

  private static List<String> running(String node) {
    return world.kubelet(node).pods().stream()
        .filter(pod -> pod.state() == PodStatus.State.RUNNING)
        .map(PodStatus::name)
        .sorted()
        .toList();
  }

  private static long revision() {
    return Long.parseLong(
        lab.bundle().orElseThrow().getMetadata().getAnnotations().get(Contract.REVISION));
  }

  private static Map<Path, String> files(String node) throws IOException {
    Map<Path, String> files = new TreeMap<>();
    try (Stream<Path> walk = Files.walk(world.root(node).resolve("etc"))) {
      for (Path file : walk.filter(Files::isRegularFile).toList()) {
        files.put(file, new String(Files.readAllBytes(file), UTF_8));
      }
    }
    return files;
  }
}
