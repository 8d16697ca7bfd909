package io.vaultkms.cli.status;

import static io.vaultkms.cli.status.Pictures.NOW;
import static io.vaultkms.cli.status.Pictures.condition;
import static io.vaultkms.cli.status.Pictures.healthyNode;
import static io.vaultkms.cli.status.Pictures.node;
import static io.vaultkms.cli.status.Pictures.plugin;
import static io.vaultkms.cli.status.Pictures.run;
import static io.vaultkms.cli.status.Pictures.status;
import static org.assertj.core.api.Assertions.assertThat;

import io.vaultkms.model.config.Violation;
import io.vaultkms.model.node.NodeReport.PluginHealth;
import io.vaultkms.model.status.StatusReport;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class StatusTextTest {
  @Test
  void aSettledClusterIsShownWhole() {
    StatusReport status =
        status(
            "Settled",
            List.of(),
            List.of(run("Done", 2500)),
            List.of(condition("Encrypted", "True")));
    assertThat(
            String.join(
                "\n",
                StatusText.of(
                    Pictures.of(status, Map.of("n1", healthyNode(), "n2", healthyNode())), NOW)))
        .isEqualTo(
            """
            kube-apiserver: Settled, settled
              Everything is as wanted.
              mode           KMS
              keys           write 2, read 2, 1, newest 2
              revision       7
              nodes          2 of 2 converged
              configuration  accepted (generation 3)

                NODE  REVISION  API SERVER  PLUGIN  HEALTH   REMOTE KEY  REPORTED
                n1    7         ready       key 2   Healthy  remote-2    4s ago
                n2    7         ready       key 2   Healthy  remote-2    4s ago

                MIGRATION  STATE  DONE                    STARTED               TOOK
                to key 2   Done   2,500 of 2,500 (100 %)  2026-11-23T11:59:00Z  14s

                CONDITION  STATUS  SINCE                 REASON  MESSAGE
                Encrypted  True    2026-11-23T11:00:00Z  Reason  A message.\
            """);
  }

  @Test
  void everyViolationIsShown() {
    StatusReport status =
        status(
            "Refused",
            List.of(
                new Violation("spec.encryption.type", "x", "must be KMS"),
                new Violation("spec.encryption.kms", "", "must be set")),
            List.of(),
            List.of());
    assertThat(StatusText.of(Pictures.of(status, Map.of()), NOW))
        .contains(
            "kube-apiserver: Refused, needs attention",
            "  configuration  rejected, 2 violations (generation 3)",
            "    spec.encryption.type 'x' must be KMS",
            "    spec.encryption.kms must be set");
  }

  @Test
  void aNodeInTroubleSaysWhy() {
    List<String> lines =
        StatusText.of(
            Pictures.of(
                status("Migrating", List.of(), List.of(run("Running", 625)), List.of()),
                Map.of(
                    "n1",
                    node(
                        false,
                        NOW.minusSeconds(600),
                        "waits for\nthe API server",
                        plugin(2, PluginHealth.ERROR),
                        plugin(1, PluginHealth.HEALTHY)))),
            NOW);
    assertThat(lines)
        .contains(
            "    n1    7         not ready   key 2   Error    -           10m ago, silent",
            "                                key 1   Healthy  remote-1",
            "    n1: waits for the API server",
            "    n1, plugin of key 2: no socket",
            "    to key 2   Running  625 of 2,500 (25 %)  2026-11-23T11:59:00Z  60s");
  }

  @Test
  void textsOfTheClusterCannotSteerTheTerminal() {
    List<String> lines =
        StatusText.of(
            Pictures.of(status("Settled"), Map.of("n1", node(true, NOW, "\033[2J"))), NOW);
    assertThat(lines).noneMatch(line -> line.contains("\033"));
  }

  @Test
  void nothingReportedIsSaid() {
    assertThat(StatusText.of(new ClusterPicture(new TreeMap<>(), new TreeMap<>()), NOW))
        .containsExactly(
            "Nothing is reported yet: health-monitor has not written an EncryptionStatus.");
  }
}
