package io.vaultkms.deployer.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.vaultkms.deployer.contract.SampleKey;
import io.vaultkms.lab.plugin.FakeKms;
import io.vaultkms.model.bundle.Bundle;
import io.vaultkms.model.node.NodeReport.PluginHealth;
import io.vaultkms.model.node.NodeReport.PluginReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeLookTest {
  private AgentBench bench;

  @BeforeEach
  void start(@TempDir Path root) {
    bench = AgentBench.start(root);
  }

  @AfterEach
  void stop() {
    bench.close();
  }

  @Test
  void theApiServersFileStaysUntilItsPluginHasDoneARoundTrip() throws IOException {
    NodeLook agent = bench.agent();
    String before = config();
    bench.put(SampleKey.bundle(4));

    agent.look();
    assertThat(bench.paths().manifest("vault-kms-plugin-1")).exists();
    assertThat(config()).as("the plugin does not run").isEqualTo(before);
    assertThat(bench.report().message())
        .isEqualTo("plugin of key 1: Start: the plugin has not opened its socket");

    try (FakeKms plugin = plugin(1)) {
      plugin.breakDown("Vault says 503: Vault is sealed");
      agent.look();
      assertThat(config()).as("its Vault is sealed").isEqualTo(before);
      assertThat(bench.report().observedRevision()).isEqualTo(4);
      assertThat(bench.report().convergedRevision()).isZero();
      assertThat(bench.report().message())
          .isEqualTo("plugin of key 1: Status: Vault says 503: Vault is sealed");

      plugin.recover();
      agent.look();
      assertThat(config()).contains("kms-1.sock");
      awaitConverged(agent, 4);
    }
  }

  @Test
  void theApiServersFileStaysWhileOneOfTwoPluginsIsDown() throws IOException {
    NodeLook agent = bench.agent();
    try (FakeKms first = converge(agent)) {
      String before = config();
      bench.put(SampleKey.bundle(5, both()));

      agent.look();
      assertThat(config()).isEqualTo(before);
      try (FakeKms second = plugin(2)) {
        first.breakDown("down");
        agent.look();
        assertThat(config()).isEqualTo(before);

        first.recover();
        awaitConverged(agent, 5);
        assertThat(bench.report().plugins())
            .extracting(PluginReport::keyId, PluginReport::status)
            .containsExactly(tuple(1L, PluginHealth.HEALTHY), tuple(2L, PluginHealth.HEALTHY));
      }
    }
  }

  @Test
  void aPluginThatNoBundleAsksForGoesWhenTheApiServerUsesItNoMore() throws IOException {
    NodeLook agent = bench.agent();
    try (FakeKms plugin = converge(agent)) {
      bench.put(SampleKey.bundle(5, both()));
      agent.look();
      try (FakeKms second = plugin(2)) {
        awaitConverged(agent, 5);
        bench.put(SampleKey.bundle(6, both().withWriteKey(Set.of("secrets"), 2)));
        awaitConverged(agent, 6);
        assertThat(bench.paths().manifest("vault-kms-plugin-1")).as("still reads").exists();

        bench.put(SampleKey.bundle(7, SampleKey.writing(2)));
        awaitConverged(agent, 7);
        assertThat(bench.paths().manifest("vault-kms-plugin-1")).doesNotExist();
        assertThat(bench.paths().pluginFolder("vault-kms-plugin-1")).doesNotExist();
        assertThat(plugin.socket()).doesNotExist();
        assertThat(bench.paths().manifest("vault-kms-plugin-2")).exists();
        assertThat(second.socket()).exists();
      }
    }
  }

  @Test
  void credentialsThatAnAgentDiedBeforeWipingAreWipedByTheNextOne() throws IOException {
    NodeLook agent = bench.agent();
    try (FakeKms plugin = converge(agent)) {
      Path left = bench.paths().pluginFolder("vault-kms-plugin-9").resolve("secret-id");
      HostFiles.PLAIN.write(left, new byte[] {1});
      Path manifest = bench.paths().manifests().resolve(".vault-kms-preflight-9.json.new");
      Files.writeString(manifest, "half");

      bench.agent().look();

      assertThat(left.getParent()).doesNotExist();
      assertThat(manifest).doesNotExist();
      assertThat(bench.paths().pluginFolder("vault-kms-plugin-1")).exists();
    }
  }

  @Test
  void anAgentThatLosesTheClusterOrStartsWithoutItChangesNoFile() throws IOException {
    NodeLook agent = bench.agent();
    try (FakeKms plugin = converge(agent)) {
      bench.put(SampleKey.bundle(5, both()));
      Map<String, String> before = bench.files();
      bench.controlPlane().stop(AgentBench.NODE);

      assertThatThrownBy(agent::look).isInstanceOf(KubernetesClientException.class);
      assertThatThrownBy(bench::agent).isInstanceOf(KubernetesClientException.class);

      assertThat(bench.files()).isEqualTo(before);
      bench.controlPlane().start(AgentBench.NODE);
      bench.agent().look();
      assertThat(bench.paths().manifest("vault-kms-plugin-2")).exists();
    }
  }

  @Test
  void aCredentialAtTheCutOfALongReasonIsTakenOutWhole() throws IOException {
    NodeLook agent = bench.agent();
    try (FakeKms plugin = converge(agent)) {
      plugin.breakDown("x".repeat(990) + " " + SampleKey.SECRET_ID + " is not known");

      agent.look();

      assertThat(bench.report().plugins().getFirst().detail())
          .startsWith("Status: xxx")
          .doesNotContain(SampleKey.SECRET_ID.substring(0, 4));
    }
  }

  private FakeKms converge(NodeLook agent) throws IOException {
    bench.put(SampleKey.bundle(4));
    agent.look();
    FakeKms plugin = plugin(1);
    awaitConverged(agent, 4);
    return plugin;
  }

  private static Bundle both() {
    return SampleKey.writing(1).withReadKey(Set.of("secrets"), 2, content());
  }

  private static Bundle.KeyContent content() {
    return SampleKey.writing(1).keys().get(1L);
  }

  private FakeKms plugin(long keyId) throws IOException {
    Files.createDirectories(bench.paths().sockets());
    return new FakeKms(bench.paths().sockets().resolve("kms-" + keyId + ".sock"));
  }

  private void awaitConverged(NodeLook agent, long revision) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> {
              agent.look();
              return bench.report().convergedRevision() == revision;
            });
  }

  private String config() throws IOException {
    return Files.readString(bench.paths().encryptionConfig());
  }
}
