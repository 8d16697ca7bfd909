package io.vaultkms.cli.status;

import static io.vaultkms.cli.status.Pictures.NOW;
import static io.vaultkms.cli.status.Pictures.condition;
import static io.vaultkms.cli.status.Pictures.healthyNode;
import static io.vaultkms.cli.status.Pictures.node;
import static io.vaultkms.cli.status.Pictures.plugin;
import static io.vaultkms.cli.status.Pictures.run;
import static io.vaultkms.cli.status.Pictures.status;
import static io.vaultkms.cli.status.Verdict.IN_PROGRESS;
import static io.vaultkms.cli.status.Verdict.NEEDS_ATTENTION;
import static io.vaultkms.cli.status.Verdict.SETTLED;
import static org.assertj.core.api.Assertions.assertThat;

import io.vaultkms.model.config.Violation;
import io.vaultkms.model.node.NodeReport;
import io.vaultkms.model.node.NodeReport.PluginHealth;
import io.vaultkms.model.status.StatusReport;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class VerdictTest {
  static Stream<Arguments> rows() {
    List<Violation> violation = List.of(new Violation("spec.encryption.type", "x", "must be KMS"));
    return Stream.of(
        row("settled with healthy nodes", status("Settled"), healthyNode(), SETTLED),
        row("a migration", status("Migrating"), healthyNode(), IN_PROGRESS),
        row("a phase of a later version", status("Pondering"), healthyNode(), IN_PROGRESS),
        row("refused", status("Refused"), healthyNode(), NEEDS_ATTENTION),
        row("blocked", status("Blocked"), healthyNode(), NEEDS_ATTENTION),
        row(
            "violations while the old configuration stays in force",
            status("Settled", violation, List.of(), List.of()),
            healthyNode(),
            NEEDS_ATTENTION),
        row(
            "a degraded condition",
            status(
                "Migrating",
                List.of(),
                List.of(),
                List.of(condition("KMSPluginsDegraded", "True"))),
            healthyNode(),
            NEEDS_ATTENTION),
        row(
            "a condition that is not degraded",
            status(
                "Settled", List.of(), List.of(), List.of(condition("KMSPluginsDegraded", "False"))),
            healthyNode(),
            SETTLED),
        row(
            "a failed newest migration",
            status("Migrating", List.of(), List.of(run("Failed", 5)), List.of()),
            healthyNode(),
            NEEDS_ATTENTION),
        row(
            "a failed migration before one that runs",
            status("Migrating", List.of(), List.of(run("Running", 5), run("Failed", 5)), List.of()),
            healthyNode(),
            IN_PROGRESS),
        row(
            "an API server that is not ready",
            status("Settled"),
            node(false, NOW, ""),
            NEEDS_ATTENTION),
        row(
            "a plugin that fails",
            status("Settled"),
            node(true, NOW, "", plugin(2, PluginHealth.ERROR)),
            NEEDS_ATTENTION),
        row(
            "a node that is silent",
            status("Settled"),
            node(true, NOW.minusSeconds(121), ""),
            NEEDS_ATTENTION));
  }

  private static Arguments row(String what, StatusReport status, NodeReport node, Verdict verdict) {
    return Arguments.of(what, status, node, verdict);
  }

  @ParameterizedTest(name = "{0}: {3}")
  @MethodSource("rows")
  void saysHowItStands(String what, StatusReport status, NodeReport node, Verdict verdict) {
    assertThat(Verdict.of(Pictures.of(status, Map.of("n1", node)), NOW)).isEqualTo(verdict);
  }

  @Test
  void nothingReportedIsInProgress() {
    ClusterPicture nothing = new ClusterPicture(new TreeMap<>(), new TreeMap<>());
    assertThat(Verdict.of(nothing, NOW)).isEqualTo(IN_PROGRESS);
    assertThat(IN_PROGRESS.exitCode()).isEqualTo(3);
  }
}
