package io.vaultkms.deployer.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.vaultkms.deployer.contract.SampleKey;
import io.vaultkms.lab.plugin.FakeKms;
import io.vaultkms.model.node.NodeReport.PreflightReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreflightTrialTest {
  private static final String CANDIDATE = "vault-kms-preflight-2";
  private static final ContainerState RUNNING =
      new ContainerStateBuilder().withNewRunning().endRunning().build();
  private static final ContainerState NOTHING = new ContainerState();

  private AgentBench bench;
  private NodeLook agent;
  private String mark;

  @BeforeEach
  void ask(@TempDir Path root) throws IOException {
    bench = AgentBench.start(root);
    agent = bench.agent();
    bench.put(SampleKey.preflight("abcdefgh"));
    agent.look();
    mark = "abcdefgh-" + request().getMetadata().getUid();
  }

  @AfterEach
  void stop() {
    bench.close();
  }

  @Test
  void saysThatTheImageCannotBePulled() throws IOException {
    bench.show(
        CANDIDATE,
        mark,
        waiting("ImagePullBackOff", "Back-off pulling image \"an-image\": not found"),
        NOTHING);

    assertThat(verdict().step()).isEqualTo("Start");
    assertThat(verdict().reason())
        .isEqualTo(
            "image an-image cannot be pulled: Back-off pulling image \"an-image\": not found");
  }

  @Test
  void saysWithWhichWordsThePluginEnded() throws IOException {
    bench.show(
        CANDIDATE,
        mark,
        waiting("CrashLoopBackOff", "back-off 10s restarting failed container"),
        ended(
            2, "flag provided but not defined: -tls-sni\nUsage of vault-kube-kms:\n  -x\tan x\n"));

    assertThat(verdict().reason())
        .isEqualTo("the plugin ended with exit code 2: flag provided but not defined: -tls-sni");
  }

  @Test
  void showsNoCredentialThatThePluginWroteAtItsEnd() throws IOException {
    bench.show(
        CANDIDATE,
        mark,
        RUNNING,
        ended(1, "error: no login as a-role with " + SampleKey.SECRET_ID + " nor hvs.CAESIJ1234"));

    assertThat(verdict().reason())
        .isEqualTo("the plugin ended with exit code 1: error: no login as *** with *** nor ***");
  }

  @Test
  void believesNothingOfThePodOfAnEarlierRequest() throws IOException {
    bench.show(CANDIDATE, "abcdefgh-another", RUNNING, ended(2, "unknown flag"));

    for (int look = 0; look < 5; look++) {
      agent.look();
    }
    assertThat(bench.report().preflight()).isNull();
  }

  @Test
  void goesOnWithTheSameCandidateWhenTheAgentIsStartedAgain() throws IOException {
    Map<String, String> before = bench.files();

    bench.agent().look();
    assertThat(bench.files()).isEqualTo(before);

    try (FakeKms plugin = plugin()) {
      NodeLook third = bench.agent();
      third.look();
      assertThat(bench.report().preflight().passed()).isTrue();
      assertThat(bench.paths().manifest(CANDIDATE)).as("only what is reported is done").exists();

      bench.agent().look();
      assertThat(bench.paths().manifest(CANDIDATE)).doesNotExist();
      assertThat(bench.paths().pluginFolder(CANDIDATE)).doesNotExist();
      assertThat(plugin.socket()).doesNotExist();
      assertThat(bench.report().preflight().passed()).isTrue();
    }
  }

  @Test
  void anotherRequestIsAnotherPodThoughItAsksForTheSame() throws IOException {
    try (FakeKms plugin = plugin()) {
      agent.look();
      assertThat(bench.report().preflight().passed()).isTrue();

      bench.cluster().resource(request()).delete();
      bench.put(SampleKey.preflight("abcdefgh"));
      agent.look();

      assertThat(bench.report().preflight()).as("of the plugin that ran already").isNull();
      assertThat(Files.readString(bench.paths().manifest(CANDIDATE)))
          .contains("abcdefgh-" + request().getMetadata().getUid());
    }
  }

  private FakeKms plugin() throws IOException {
    Files.createDirectories(bench.paths().sockets());
    return new FakeKms(bench.paths().sockets().resolve("preflight-2.sock"));
  }

  /** After as many looks as it takes to be believed. */
  private PreflightReport verdict() throws IOException {
    for (int look = 0; look < 3; look++) {
      agent.look();
    }
    return bench.report().preflight();
  }

  private Secret request() {
    return bench.cluster().resource(SampleKey.preflight("")).get();
  }

  private static ContainerState waiting(String reason, String message) {
    return new ContainerStateBuilder()
        .withNewWaiting()
        .withReason(reason)
        .withMessage(message)
        .endWaiting()
        .build();
  }

  private static ContainerState ended(int code, String message) {
    return new ContainerStateBuilder()
        .withNewTerminated()
        .withExitCode(code)
        .withReason("Error")
        .withMessage(message)
        .endTerminated()
        .build();
  }
}
