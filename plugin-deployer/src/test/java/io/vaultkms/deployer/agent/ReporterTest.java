package io.vaultkms.deployer.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.vaultkms.model.node.NodeReport;
import io.vaultkms.platform.cluster.Contract;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReporterTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private static AgentBench bench;

  @BeforeAll
  static void start(@TempDir Path root) {
    bench = AgentBench.start(root);
  }

  @AfterAll
  static void stop() {
    bench.close();
  }

  @Test
  void aReportThatSomebodyDeletedIsMadeAnew() {
    Reporter reporter = new Reporter(bench.cluster(), "deleted", Duration.ofSeconds(30));
    reporter.report(at(0));
    bench
        .cluster()
        .genericKubernetesResources(Contract.ENCRYPTION_NODES)
        .withName("deleted")
        .delete();

    reporter.report(at(30));

    assertThat(reporter.previous()).contains(at(30));
  }

  @Test
  void aNodeThatRegistersLaterThanItsAgentReportsBecomesTheOwner() {
    Reporter reporter = new Reporter(bench.cluster(), "late", Duration.ofSeconds(30));
    reporter.report(at(0));
    assertThat(owners("late")).isEmpty();

    bench.put(new NodeBuilder().withNewMetadata().withName("late").endMetadata().build());
    reporter.report(at(30));

    assertThat(owners("late")).extracting(OwnerReference::getKind).containsExactly("Node");
    assertThat(reporter.previous()).contains(at(30));
  }

  @Test
  void whatHasNotChangedIsSaidEverySoOften() {
    Reporter reporter = new Reporter(bench.cluster(), "quiet", Duration.ofSeconds(30));
    reporter.report(at(0));

    reporter.report(at(29));
    assertThat(reporter.previous()).contains(at(0));

    reporter.report(at(30));
    assertThat(reporter.previous()).contains(at(30));
  }

  private static List<OwnerReference> owners(String node) {
    return bench
        .cluster()
        .genericKubernetesResources(Contract.ENCRYPTION_NODES)
        .withName(node)
        .get()
        .getMetadata()
        .getOwnerReferences();
  }

  private static NodeReport at(long seconds) {
    return new NodeReport(
        "kube-apiserver", 0, 0, null, null, true, List.of(), null, START.plusSeconds(seconds), "");
  }
}
