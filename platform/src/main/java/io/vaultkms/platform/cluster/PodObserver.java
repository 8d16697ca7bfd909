package io.vaultkms.platform.cluster;

import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.vaultkms.model.decision.PreflightRequest;
import io.vaultkms.model.node.NodeReport;
import io.vaultkms.model.node.NodeReport.PreflightReport;
import io.vaultkms.model.node.Nodes;
import io.vaultkms.model.node.PodSeen;
import io.vaultkms.platform.component.Rollout.OfDeployment;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;

/** Looks at the pods of a component's Deployment. Blocks. */
final class PodObserver {
  private final KubernetesClient client;
  private final String component;
  private final OfDeployment where;

  PodObserver(KubernetesClient client, String component, OfDeployment where) {
    this.client = client;
    this.component = component;
    this.where = where;
  }

  /**
   * What the pods are, with what their reporters say.
   *
   * @param reported every report of the component, by name
   */
  Nodes look(
      SortedMap<String, NodeReport> reported, Optional<PreflightRequest> request, Instant now) {
    Deployment deployment =
        client.apps().deployments().inNamespace(where.namespace()).withName(where.name()).get();
    int wanted = 1;
    List<PodSeen> pods = List.of();
    if (deployment != null) {
      wanted = Objects.requireNonNullElse(deployment.getSpec().getReplicas(), 1);
      pods =
          client
              .pods()
              .inNamespace(where.namespace())
              .withLabelSelector(deployment.getSpec().getSelector())
              .list()
              .getItems()
              .stream()
              .map(pod -> seen(component, pod))
              .toList();
    }
    return Nodes.ofPods(
        component, wanted, pods, reported, request.flatMap(it -> verdict(it, reported, now)), now);
  }

  private static PodSeen seen(String component, Pod pod) {
    return new PodSeen(
        Contract.podReport(component, pod.getMetadata().getName()),
        phase(pod),
        isReady(pod),
        pod.getMetadata().getDeletionTimestamp() != null,
        revision(pod),
        reason(pod));
  }

  private static PodSeen.Phase phase(Pod pod) {
    String phase = pod.getStatus() == null ? null : pod.getStatus().getPhase();
    try {
      return phase == null
          ? PodSeen.Phase.PENDING
          : PodSeen.Phase.valueOf(phase.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      return PodSeen.Phase.UNKNOWN;
    }
  }

  private static boolean isReady(Pod pod) {
    return pod.getStatus() != null
        && pod.getStatus().getConditions() != null
        && pod.getStatus().getConditions().stream()
            .anyMatch(it -> it.getType().equals("Ready") && it.getStatus().equals("True"));
  }

  private static long revision(Pod pod) {
    Map<String, String> labels = pod.getMetadata().getLabels();
    String text = labels == null ? "" : labels.getOrDefault(Contract.POD_REVISION, "");
    return text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
  }

  /** The first container that waits or has ended, or what the pod itself says. */
  private static String reason(Pod pod) {
    if (pod.getStatus() == null) {
      return "";
    }
    return statuses(pod)
        .flatMap(status -> waiting(status).stream())
        .findFirst()
        .or(() -> Optional.ofNullable(pod.getStatus().getMessage()))
        .or(() -> Optional.ofNullable(pod.getStatus().getReason()))
        .orElse("");
  }

  private static Stream<ContainerStatus> statuses(Pod pod) {
    return Stream.of(
            pod.getStatus().getInitContainerStatuses(), pod.getStatus().getContainerStatuses())
        .filter(Objects::nonNull)
        .flatMap(List::stream);
  }

  private static Optional<String> waiting(ContainerStatus status) {
    return Optional.ofNullable(status.getState())
        .map(state -> state.getWaiting())
        .map(
            waiting ->
                "%s %s%s"
                    .formatted(
                        status.getName(),
                        waiting.getReason(),
                        waiting.getMessage() == null ? "" : " (" + waiting.getMessage() + ")"));
  }

  /** What the trial reported; or, when its pod cannot even start, what the cluster says of that. */
  private Optional<PreflightReport> verdict(
      PreflightRequest request, SortedMap<String, NodeReport> reported, Instant now) {
    return Optional.ofNullable(reported.get(Contract.preflightReport(component)))
        .map(NodeReport::preflight)
        .filter(report -> report.requestId().equals(request.id()))
        .or(() -> cannotStart(request, now));
  }

  private Optional<PreflightReport> cannotStart(PreflightRequest request, Instant now) {
    return client
        .pods()
        .inNamespace(where.namespace())
        .withLabel(Contract.PREFLIGHT_LABEL, component)
        .list()
        .getItems()
        .stream()
        .filter(pod -> isFor(pod, request) && pod.getStatus() != null)
        .flatMap(PodObserver::statuses)
        .flatMap(status -> unstartable(status).stream())
        .findFirst()
        .map(
            reason ->
                new PreflightReport(
                    request.id(), request.hash(), false, "Start", reason, null, 0, 0, 0, now));
  }

  private static boolean isFor(Pod pod, PreflightRequest request) {
    Map<String, String> annotations = pod.getMetadata().getAnnotations();
    return annotations != null && request.id().equals(annotations.get(Contract.REQUEST));
  }

  private static Optional<String> unstartable(ContainerStatus status) {
    return Optional.ofNullable(status.getState())
        .map(state -> state.getWaiting())
        .filter(waiting -> waiting.getReason() != null)
        .filter(waiting -> waiting.getReason().matches(".*(Image|Config).*"))
        .map(waiting -> imageProblem(status, waiting));
  }

  private static String imageProblem(ContainerStatus status, ContainerStateWaiting waiting) {
    String what =
        waiting.getReason().contains("Image")
            ? "image %s cannot be pulled".formatted(status.getImage())
            : "container %s cannot be made".formatted(status.getName());
    return waiting.getMessage() == null
        ? what + ": " + waiting.getReason()
        : what + ": " + waiting.getMessage();
  }
}
