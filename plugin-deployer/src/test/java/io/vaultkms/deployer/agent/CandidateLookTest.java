package io.vaultkms.deployer.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaultkms.lab.plugin.FakeKms;
import io.vaultkms.platform.env.Variables;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program in a preflight's pod, which knows no credentials. */
class CandidateLookTest {
  private AgentBench bench;
  private FakeKms plugin;
  private CandidateLook candidate;

  @BeforeEach
  void start(@TempDir Path root) {
    bench = AgentBench.start(root);
    plugin = new FakeKms(root.resolve("kms-2.sock"));
    candidate =
        new CandidateLook(
            PodPreflightConfig.read(
                new Variables(
                    Map.of(
                        "PREFLIGHT_REQUEST", "a-request",
                        "PREFLIGHT_HASH", "abcdefgh",
                        "PREFLIGHT_KEY_ID", "2",
                        "PLUGIN_SOCKETS", root.toString()))),
            new Reporter(bench.cluster(), AgentBench.NODE, Duration.ofHours(1)),
            Clock.systemUTC());
  }

  @AfterEach
  void stop() {
    plugin.close();
    bench.close();
  }

  @Test
  void givesItsReasonWithoutATokenOfVault() {
    plugin.breakDown("Vault says 403 to hvs.CAESIJ1234567890");

    for (int look = 0; look < 3; look++) {
      candidate.look();
    }

    assertThat(bench.report().preflight().reason()).isEqualTo("Vault says 403 to ***");
    assertThat(bench.report().message()).isEqualTo("preflight: Status: Vault says 403 to ***");
  }
}
