package io.vaultkms.deployer.agent;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Why a static pod of this node does not run: what the kubelet shows of it to the cluster. Where
 * that cannot be asked, nothing is known. Blocks.
 */
final class MirrorPods {
  private static final Logger LOG = LoggerFactory.getLogger(MirrorPods.class);
  private static final Set<String> NO_IMAGE =
      Set.of(
          "ErrImagePull",
          "ImagePullBackOff",
          "InvalidImageName",
          "ErrImageNeverPull",
          "ImageInspectError",
          "RegistryUnavailable");
  private static final Set<String> NO_CONTAINER =
      Set.of("CreateContainerConfigError", "CreateContainerError", "RunContainerError");

  /** A line that says what is wrong; what a program prints besides, its usage say, does not. */
  private static final Pattern TELLING =
      Pattern.compile(
          "flag|unknown|error|fail|cannot|can't|could"
              + " not|invalid|missing|required|denied|refused|panic",
          Pattern.CASE_INSENSITIVE);

  private final KubernetesClient cluster;
  private final String node;

  MirrorPods(KubernetesClient cluster, String node) {
    this.cluster = cluster;
    this.node = node;
  }

  /**
   * Why it does not run, in one sentence, which may hold anything that the plugin wrote; empty when
   * it runs, is only just starting, or the cluster shows an earlier one under this name.
   *
   * @param mark of the pod as its manifest has it
   */
  Optional<String> trouble(String pod, String mark) {
    try {
      return Optional.ofNullable(
              cluster.pods().inNamespace(PluginPod.NAMESPACE).withName(pod + "-" + node).get())
          .filter(shown -> mark.equals(mark(shown)))
          .map(Pod::getStatus)
          .flatMap(MirrorPods::trouble);
    } catch (KubernetesClientException e) {
      LOG.debug("pod {} cannot be read: {}", pod, e.getMessage());
      return Optional.empty();
    }
  }

  private static @Nullable String mark(Pod shown) {
    Map<String, String> annotations = shown.getMetadata().getAnnotations();
    return annotations == null ? null : annotations.get(PluginPod.MARK);
  }

  private static Optional<String> trouble(PodStatus status) {
    return status.getContainerStatuses().stream()
        .flatMap(container -> trouble(container).stream())
        .findFirst();
  }

  private static Optional<String> trouble(ContainerStatus status) {
    ContainerStateWaiting waiting =
        status.getState() == null ? null : status.getState().getWaiting();
    if (waiting != null && NO_IMAGE.contains(String.valueOf(waiting.getReason()))) {
      return Optional.of(
          "image %s cannot be pulled: %s"
              .formatted(status.getImage(), oneLine(waiting.getReason(), waiting.getMessage())));
    }
    if (waiting != null && NO_CONTAINER.contains(String.valueOf(waiting.getReason()))) {
      return Optional.of(
          "the plugin cannot be started: " + oneLine(waiting.getReason(), waiting.getMessage()));
    }
    return Stream.of(
            Optional.ofNullable(status.getState()), Optional.ofNullable(status.getLastState()))
        .flatMap(Optional::stream)
        .map(ContainerState::getTerminated)
        .filter(ended -> ended != null && ended.getExitCode() != 0)
        .findFirst()
        .map(MirrorPods::ended);
  }

  private static String ended(ContainerStateTerminated ended) {
    return "the plugin ended with exit code %d: %s"
        .formatted(ended.getExitCode(), oneLine(ended.getReason(), ended.getMessage()));
  }

  /**
   * The first line that says what is wrong, or else the last one: a Go program that meets a flag it
   * does not know says so first, and then prints all those it knows.
   */
  private static String oneLine(@Nullable String reason, @Nullable String message) {
    List<String> lines =
        Stream.ofNullable(message)
            .flatMap(String::lines)
            .map(line -> line.replaceAll("\\p{Cntrl}", " ").strip())
            .filter(line -> !line.isEmpty())
            .toList();
    return lines.stream()
        .filter(line -> TELLING.matcher(line).find())
        .findFirst()
        .orElse(lines.isEmpty() ? String.valueOf(reason) : lines.getLast());
  }
}
