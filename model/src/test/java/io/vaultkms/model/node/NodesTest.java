package io.vaultkms.model.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaultkms.model.node.NodeReport.PreflightReport;
import io.vaultkms.model.node.PodSeen.Phase;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodesTest {
  private static final Instant NOW = Instant.parse("2026-11-25T12:00:00Z");
  private static final Instant SINCE = NOW.minusSeconds(20);

  /** Two pods are wanted, and revision 5 is the newest; pods are written name:phase:revision. */
  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          all are Running and Ready on it                  | a:ready:5 b:ready:5                       | -
          one is not Ready                                 | a:ready:5 b:starting:5                    | b is not Ready: why b
          one is Pending                                   | a:ready:5 b:pending:5                     | b is Pending: why b
          one is Unknown                                   | a:ready:5 b:unknown:5                     | b is Unknown: why b
          one is on the revision before                    | a:ready:5 b:ready:4                       | b says 4
          one of before is being stopped                   | a:ready:5 b:ready:5 c:leaving:4           | c is being stopped
          one of it is being stopped, and replaced         | a:ready:5 b:ready:5 c:leaving:5           | c is being stopped
          one is missing                                   | a:ready:5                                 | k.pod-2-of-2 there is no such pod yet
          none is there                                    | -                                         | k.pod-1-of-2 there is no such pod yet, k.pod-2-of-2 there is no such pod yet
          one that is being stopped does not fill a place  | a:ready:5 b:leaving:5                     | b is being stopped, k.pod-2-of-2 there is no such pod yet
          one more than wanted is there                    | a:ready:5 b:ready:5 c:starting:5          | c is not Ready: why c
          one of before has failed                         | a:ready:5 b:ready:5 c:failed:4            | -
          one of it has failed, and others run             | a:ready:5 b:ready:5 c:failed:5            | -
          one of it has failed, and none of it runs        | a:ready:4 b:ready:4 c:failed:5            | a says 4, b says 4, c has failed: why c
          one of it has ended, and none of it runs         | a:ready:4 b:ready:4 c:succeeded:5         | a says 4, b says 4, c has ended: why c
          a reporter is silent                             | a:ready:5 b:silent:5                      | b its reporter has not said anything yet
          a reporter speaks of the revision before         | a:ready:5 b:behind:5                      | b the file is not in use yet
          """)
  void aRevisionHasConvergedOnlyWhen(String title, String pods, String waiting) {
    Nodes nodes = nodes(2, pods == null ? "" : pods, Optional.empty());

    List<String> found = new ArrayList<>();
    for (String pod : nodes.expected()) {
      NodeReport report = nodes.reports().get(pod);
      if (report.convergedRevision() == 5) {
        assertThat(report.convergedTime()).isEqualTo(SINCE);
      } else if (report.convergedRevision() != 0) {
        found.add(pod + " says " + report.convergedRevision());
      } else {
        found.add(pod + " " + report.message());
      }
    }
    assertThat(String.join(", ", found)).isEqualTo(waiting == null ? "" : waiting);
  }

  @Test
  void whatIsSaidOfPodsThatAreGoneDoesNotCount() {
    SortedMap<String, NodeReport> reported = new TreeMap<>();
    reported.put("gone", report(5, 5, ""));
    Nodes nodes = Nodes.ofPods("k", 1, List.of(pod("a:ready:5")), reported, Optional.empty(), NOW);

    assertThat(nodes.expected()).containsExactly("a");
    assertThat(nodes.reports().keySet()).containsExactly("a");
  }

  @Test
  void oneVerdictIsThatOfAllPodsAndOfNoReporter() {
    PreflightReport verdict =
        new PreflightReport("uid", "hash", true, "", "", "remote", 1, 2, 3, NOW);

    assertThat(nodes(2, "a:ready:5 b:silent:5", Optional.of(verdict)).reports().values())
        .extracting(NodeReport::preflight)
        .containsOnly(verdict);
    assertThat(nodes(2, "a:ready:5 b:silent:5", Optional.empty()).reports().values())
        .extracting(NodeReport::preflight)
        .containsOnlyNulls();
  }

  @Test
  void aReporterThatWasHeardLongAgoIsNotMadeFresh() {
    assertThat(nodes(1, "a:ready:5", Optional.empty()).reports().get("a").reportedTime())
        .isEqualTo(NOW.minusSeconds(3));
  }

  private static Nodes nodes(int wanted, String pods, Optional<PreflightReport> verdict) {
    List<PodSeen> seen = new ArrayList<>();
    SortedMap<String, NodeReport> reported = new TreeMap<>();
    for (String text : pods.split(" ")) {
      if (text.isEmpty()) {
        continue;
      }
      PodSeen pod = pod(text);
      seen.add(pod);
      if (text.contains(":behind:")) {
        reported.put(pod.name(), report(pod.revision(), 4, "the file is not in use yet"));
      } else if (!text.contains(":silent:")) {
        reported.put(pod.name(), report(pod.revision(), pod.revision(), ""));
      }
    }
    return Nodes.ofPods("k", wanted, seen, reported, verdict, NOW);
  }

  private static PodSeen pod(String text) {
    String[] parts = text.split(":");
    Phase phase =
        switch (parts[1]) {
          case "pending" -> Phase.PENDING;
          case "unknown" -> Phase.UNKNOWN;
          case "failed" -> Phase.FAILED;
          case "succeeded" -> Phase.SUCCEEDED;
          default -> Phase.RUNNING;
        };
    boolean ready = List.of("ready", "leaving", "silent", "behind").contains(parts[1]);
    return new PodSeen(
        parts[0],
        phase,
        ready,
        parts[1].equals("leaving"),
        Long.parseLong(parts[2]),
        ready ? "" : "why " + parts[0]);
  }

  private static NodeReport report(long observed, long converged, String message) {
    return new NodeReport(
        "k",
        observed,
        converged,
        SINCE,
        "sha256:x",
        true,
        List.of(),
        null,
        NOW.minusSeconds(3),
        message);
  }
}
