package io.vaultkms.model.node;

import io.vaultkms.model.node.NodeReport.PreflightReport;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The nodes or pods that run a component's API servers.
 *
 * @param expected those that have to converge, those included that are not there yet
 * @param reports what is known of each
 */
public record Nodes(SortedSet<String> expected, SortedMap<String, NodeReport> reports) {

  /**
   * The pods of a Deployment as the decision's nodes, by OpenShift's rule for revisioned pods: a
   * revision has converged when all pods are Running and Ready, all on that revision, as many as
   * are wanted, none Pending or Unknown. A pod that has ended serves nothing and does not count,
   * unless its revision is newer than every running one: then the rollout has failed, and says why.
   * One that is being stopped may still serve and is waited for.
   *
   * <p>What the cluster says of a pod is not enough: what a pod's own reporter has seen, the file
   * that its API server uses and a round trip through each plugin, has to say the same revision.
   * What the reporter says is cut back to what the cluster says, never added to.
   *
   * @param wanted how many pods there are to be
   * @param reported what the pods' reporters say, by name of pod; of pods that are gone too
   * @param preflight the verdict that stands for all pods; empty when there is none
   * @param now when the pods were looked at
   */
  public static Nodes ofPods(
      String component,
      int wanted,
      List<PodSeen> pods,
      SortedMap<String, NodeReport> reported,
      Optional<PreflightReport> preflight,
      Instant now) {
    Builder builder = new Builder(component, preflight, now);
    long running =
        pods.stream()
            .filter(pod -> !pod.phase().over())
            .mapToLong(PodSeen::revision)
            .max()
            .orElse(0);
    int staying = 0;
    for (PodSeen pod : pods) {
      if (!pod.phase().over()) {
        builder.add(pod.name(), pod.revision(), problem(pod), reported.get(pod.name()));
        staying += pod.leaving() ? 0 : 1;
      } else if (pod.revision() > running) {
        builder.add(pod.name(), pod.revision(), Optional.of(ended(pod)), null);
      }
    }
    for (int missing = staying + 1; missing <= wanted; missing++) {
      String name = component + ".pod-" + missing + "-of-" + wanted;
      builder.add(name, 0, Optional.of("there is no such pod yet"), null);
    }
    return new Nodes(builder.expected, builder.reports);
  }

  /** Why a pod that has not ended cannot count as converged, whatever its reporter says. */
  private static Optional<String> problem(PodSeen pod) {
    String why = pod.reason().isEmpty() ? "" : ": " + pod.reason();
    if (pod.leaving()) {
      return Optional.of("is being stopped");
    }
    return switch (pod.phase()) {
      case PENDING -> Optional.of("is Pending" + why);
      case UNKNOWN -> Optional.of("is Unknown" + why);
      case RUNNING -> pod.ready() ? Optional.empty() : Optional.of("is not Ready" + why);
      case SUCCEEDED, FAILED -> Optional.of(ended(pod));
    };
  }

  private static String ended(PodSeen pod) {
    String why = pod.reason().isEmpty() ? "" : ": " + pod.reason();
    return pod.phase() == PodSeen.Phase.FAILED ? "has failed" + why : "has ended" + why;
  }

  private static final class Builder {
    private final String component;
    private final Optional<PreflightReport> preflight;
    private final Instant now;
    private final SortedSet<String> expected = new TreeSet<>();
    private final SortedMap<String, NodeReport> reports = new TreeMap<>();

    Builder(String component, Optional<PreflightReport> preflight, Instant now) {
      this.component = component;
      this.preflight = preflight;
      this.now = now;
    }

    void add(String name, long revision, Optional<String> problem, @Nullable NodeReport reporter) {
      expected.add(name);
      reports.put(
          name, reporter == null ? silent(revision, problem) : cut(revision, problem, reporter));
    }

    /** A pod without a reporter has no plugin, or none that is known. */
    private NodeReport silent(long revision, Optional<String> problem) {
      return new NodeReport(
          component,
          revision,
          0,
          null,
          null,
          problem.isEmpty(),
          List.of(),
          preflight.orElse(null),
          now,
          problem.orElse(revision == 0 ? "" : "its reporter has not said anything yet"));
    }

    private NodeReport cut(long revision, Optional<String> problem, NodeReport reporter) {
      boolean converged = problem.isEmpty() && reporter.convergedRevision() == revision;
      return new NodeReport(
          component,
          revision,
          converged ? revision : 0,
          converged ? reporter.convergedTime() : null,
          reporter.configHash(),
          reporter.apiServerReady() && problem.isEmpty(),
          reporter.plugins(),
          preflight.orElse(null),
          reporter.reportedTime(),
          problem.orElse(reporter.message()));
    }
  }
}
