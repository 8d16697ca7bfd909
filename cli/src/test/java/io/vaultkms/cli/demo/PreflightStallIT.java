package io.vaultkms.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.vaultkms.lab.world.LabService;
import io.vaultkms.lab.world.World;
import io.vaultkms.model.event.KeyCreated;
import io.vaultkms.model.status.StatusReport;
import io.vaultkms.model.status.StatusReport.Condition;
import io.vaultkms.platform.cluster.Contract;
import io.vaultkms.platform.json.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node whose agent is away has no verdict: people are told which one, nothing is minted, and once
 * its agent is there all goes on by itself.
 */
class PreflightStallIT {
  private static final Map<String, String> IMPATIENT =
      Map.of("ROLLOUT_STALLED_AFTER", "3s", "RESYNC_INTERVAL", "1s");

  @TempDir private Path folder;
  private final List<LabService> services = new ArrayList<>();

  @AfterEach
  void stopServices() {
    services.forEach(LabService::close);
  }

  @Test
  void aNodeWhoseAgentIsAwayIsNamed() {
    try (World world = World.start(folder, World::standIn, 2)) {
      services.add(
          LabService.start(
              world, "plugin-deployer", "io.vaultkms.deployer.PluginDeployer", IMPATIENT));
      services.add(
          LabService.start(world, "health-monitor", "io.vaultkms.health.HealthMonitor", IMPATIENT));
      startAgent(world, "node-1");

      world.apply(world.apiServerDocument());

      Condition told =
          patiently()
              .until(
                  () -> degraded(world),
                  condition ->
                      condition.reason().equals("PreflightStalled")
                          && !condition.message().contains("node-1"));
      System.out.println(told.message());
      assertThat(told.status()).isEqualTo("True");
      assertThat(told.message())
          .startsWith("The preflight for key 1 has made no progress since ")
          .endsWith("node-2: has never reported.");
      assertThat(minted(world)).isFalse();

      startAgent(world, "node-2");

      patiently().until(() -> minted(world));
    }
  }

  private void startAgent(World world, String node) {
    services.add(
        LabService.start(
            world,
            "agent-" + node,
            "node-agent",
            "io.vaultkms.deployer.agent.NodeAgent",
            Map.of(
                "NODE_NAME",
                node,
                "HOST_ROOT",
                world.root(node).toString(),
                "API_SERVER_URL",
                world.controlPlane().url(node).toString(),
                "AGENT_POLL_INTERVAL",
                "200ms",
                "AGENT_PROBE_INTERVAL",
                "1s")));
  }

  private static boolean minted(World world) {
    return LabService.story(world).stream().anyMatch(KeyCreated.class::isInstance);
  }

  private static Condition degraded(World world) {
    GenericKubernetesResource status =
        world
            .admin()
            .genericKubernetesResources(Contract.ENCRYPTION_STATUSES)
            .withName("kube-apiserver")
            .get();
    return Json.MAPPER
        .convertValue(status.<Object>get("status"), StatusReport.class)
        .conditions()
        .stream()
        .filter(condition -> condition.type().equals("EncryptionDegraded"))
        .findFirst()
        .orElseThrow();
  }

  private static ConditionFactory patiently() {
    return Awaitility.await()
        .atMost(Duration.ofMinutes(3))
        .pollInterval(Duration.ofSeconds(1))
        .ignoreExceptions();
  }
}
