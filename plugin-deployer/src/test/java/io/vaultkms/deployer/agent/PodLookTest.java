package io.vaultkms.deployer.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vaultkms.deployer.contract.SampleKey;
import io.vaultkms.lab.plugin.FakeKms;
import io.vaultkms.model.node.NodeReport.PluginHealth;
import io.vaultkms.platform.env.Variables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The reporter in a pod, which knows no credentials. */
class PodLookTest {
  private static final String TOKEN = "hvs.CAESIJ1234567890";

  private AgentBench bench;
  private Path file;
  private FakeKms plugin;
  private PodLook reporter;

  @BeforeEach
  void start(@TempDir Path root) throws IOException {
    bench = AgentBench.start(root);
    file = root.resolve("encryption-config");
    Files.write(
        file, Base64.getDecoder().decode(SampleKey.bundle(1).getData().get("encryption-config")));
    plugin = new FakeKms(root.resolve("kms-1.sock"));
    PodReporterConfig config =
        PodReporterConfig.read(
            new Variables(
                Map.of(
                    "POD_NAME",
                    "pod-1",
                    "REVISION",
                    "1",
                    "ENCRYPTION_CONFIG_FILE",
                    file.toString(),
                    "PLUGIN_SOCKETS",
                    root.toString())));
    reporter =
        new PodLook(
            config,
            new OwnApiServer(bench.cluster()),
            new Reporter(bench.cluster(), AgentBench.NODE, Duration.ofHours(1)),
            Clock.systemUTC());
  }

  @AfterEach
  void stop() {
    plugin.close();
    bench.close();
  }

  @Test
  void reportsWhatAPluginSaysWithoutATokenOfVault() throws IOException {
    plugin.breakDown("Vault says 403 to " + TOKEN);

    reporter.look();

    assertThat(bench.report().message())
        .isEqualTo("plugin of key 1: Status: Vault says 403 to ***");
    assertThat(bench.report().plugins().getFirst().status()).isEqualTo(PluginHealth.UNHEALTHY);
  }

  @Test
  void takesATokenAtTheCutOfALongReasonOutWhole() throws IOException {
    plugin.breakDown("x".repeat(990) + " " + TOKEN + " is not known");

    reporter.look();

    assertThat(bench.report().plugins().getFirst().detail())
        .startsWith("Status: xxx")
        .doesNotContain("hvs");
  }

  @Test
  void quotesNothingOfAFileThatIsNoJson() throws IOException {
    Files.writeString(file, "{\"secret\": c2VjcmV0a2V5");

    assertThatThrownBy(reporter::look).hasMessage("encryption-config is not JSON").hasNoCause();
  }
}
