package io.vaultkms.deployer.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Secret;
import io.vaultkms.deployer.contract.SampleKey;
import io.vaultkms.lab.plugin.FakeKms;
import io.vaultkms.model.bundle.Bundle;
import io.vaultkms.model.node.NodeReport.PluginHealth;
import io.vaultkms.model.node.NodeReport.PluginReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node on which something fails says so, and what does not fail besides. */
class LocalFailureTest {
  private static final Set<String> SECRETS = Set.of("secrets");

  private AgentBench bench;
  private NodeLook agent;
  private FakeKms plugin;

  @BeforeEach
  void converge(@TempDir Path root) throws IOException {
    bench = AgentBench.start(root);
    agent = bench.agent();
    bench.put(SampleKey.bundle(4));
    agent.look();
    Files.createDirectories(bench.paths().sockets());
    plugin = new FakeKms(bench.paths().sockets().resolve("kms-1.sock"));
    awaitConverged(4);
  }

  @AfterEach
  void stop() {
    plugin.close();
    bench.close();
  }

  @Test
  void aManifestThatCannotBeWrittenIsTold() throws IOException {
    String config = Files.readString(bench.paths().encryptionConfig());
    Path manifest = inTheWay(bench.paths().manifest("vault-kms-plugin-2"));
    Bundle both = SampleKey.writing(1).withReadKey(SECRETS, 2, SampleKey.writing(1).keys().get(1L));
    bench.put(SampleKey.bundle(5, both));

    String told = "the plugins' files cannot be written: Is a directory";
    assertThatThrownBy(agent::look).isInstanceOf(IOException.class).hasMessage(told);

    assertThat(bench.report().message()).isEqualTo(told);
    assertThat(bench.report().observedRevision()).isEqualTo(5);
    assertThat(bench.report().plugins())
        .extracting(PluginReport::keyId, PluginReport::status)
        .containsExactly(tuple(1L, PluginHealth.HEALTHY), tuple(2L, PluginHealth.ERROR));
    assertThat(bench.paths().encryptionConfig()).hasContent(config);

    Files.delete(manifest);
    agent.look();
    assertThat(bench.report().message())
        .isEqualTo("plugin of key 2: Start: the plugin has not opened its socket");
  }

  @Test
  void aPluginWhoseNewCredentialsCannotBeWrittenIsNotReadyThoughItAnswers() throws IOException {
    Path secretId = bench.paths().pluginFolder("vault-kms-plugin-1").resolve("secret-id");
    Files.delete(secretId);
    inTheWay(secretId);
    bench.put(SampleKey.bundle(5, SampleKey.writing(1), "another"));

    assertThatThrownBy(agent::look).hasMessageStartingWith("the plugins' files cannot be written");

    assertThat(bench.report().observedRevision()).isEqualTo(5);
    assertThat(bench.report().convergedRevision()).isZero();
    Files.delete(secretId);
    awaitConverged(5);
  }

  @Test
  void aFileOfTheApiServerThatCannotBeWrittenIsTold() throws IOException {
    Files.delete(bench.paths().encryptionConfig());
    inTheWay(bench.paths().encryptionConfig());

    assertThatThrownBy(agent::look)
        .hasMessage("the API server's file cannot be written: Is a directory");

    assertThat(bench.report().message()).contains("the API server's file cannot be written");
    assertThat(bench.report().plugins())
        .extracting(PluginReport::status)
        .containsExactly(PluginHealth.HEALTHY);
  }

  @Test
  void aPreflightThatCannotBeTriedIsToldAndHoldsUpNothing() throws IOException {
    inTheWay(bench.paths().manifest("vault-kms-preflight-2"));
    bench.put(SampleKey.preflight("abcdefgh"));

    String told = "the preflight cannot be gone on with: Is a directory";
    assertThatThrownBy(agent::look).hasMessage(told);

    assertThat(bench.report().message()).isEqualTo(told);
    assertThat(bench.report().convergedRevision()).isEqualTo(4);
    assertThat(bench.report().preflight()).isNull();
  }

  @Test
  void aBundleThatCannotBeReadIsToldAndTheOneBeforeStays() throws IOException {
    Secret broken = SampleKey.bundle(5);
    broken.getData().put("encryption-config", SampleKey.base64("{\"secret\": c2VjcmV0a2V5"));
    bench.put(broken);

    String told = "the newest bundle cannot be used: encryption-config is not JSON";
    assertThatThrownBy(agent::look).hasMessage(told);

    assertThat(bench.report().message()).isEqualTo(told);
    assertThat(bench.report().observedRevision()).isEqualTo(4);
    assertThat(bench.report().convergedRevision()).isEqualTo(4);
  }

  @Test
  void whatAFailureSaysIsToldWithoutCredentials() throws IOException {
    String words = "no write of " + SampleKey.SECRET_ID + " nor hvs.CAESIJ1234";
    NodeLook failing =
        bench.agent(
            new HostFiles(
                (change, file) -> {
                  throw new UncheckedIOException(words, new IOException(words));
                }));
    bench.put(SampleKey.bundle(5, SampleKey.writing(2)));

    assertThatThrownBy(failing::look)
        .hasMessage("the plugins' files cannot be written: no write of *** nor ***")
        .hasNoCause();
    assertThat(bench.report().message()).endsWith("no write of *** nor ***");
  }

  /** Makes a file's place a folder, so that it can be neither read nor written. */
  private static Path inTheWay(Path file) throws IOException {
    return Files.createDirectory(file);
  }

  private void awaitConverged(long revision) {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> {
              agent.look();
              return bench.report().convergedRevision() == revision;
            });
  }
}
