package io.vaultkms.lab.kubelet;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows a node's static pods to the cluster as a kubelet does: as mirror pods, named {@code
 * <pod>-<node>}, of which only the status follows, and which a changed manifest replaces. What
 * cannot be written now is written at a later call. Blocks; for one thread.
 */
public final class MirrorPods {
  private static final Logger LOG = LoggerFactory.getLogger(MirrorPods.class);
  private static final String MIRROR = "kubernetes.io/config.mirror";

  private final KubernetesClient cluster;
  private final String node;
  private final Map<String, Shown> shown = new HashMap<>();

  /** A pod as it was written last. */
  private record Shown(Pod pod, String hash, List<PodStatus> statuses) {}

  /** A pod that the kubelet runs, and the file that asks for it. */
  record Running(byte[] manifest, String hash, List<PodStatus> containers) {}

  /**
   * @param cluster a client that may write pods; it stays the caller's
   */
  public MirrorPods(KubernetesClient cluster, String node) {
    this.cluster = cluster;
    this.node = node;
  }

  /** Makes the cluster show these pods and no others of this node. */
  void show(List<Running> pods) {
    Map<String, Running> wanted = new HashMap<>();
    for (Running pod : pods) {
      wanted.put(pod.containers().getFirst().name() + "-" + node, pod);
    }
    try {
      for (String name : List.copyOf(shown.keySet())) {
        Running pod = wanted.get(name);
        if (pod == null || !pod.hash().equals(shown.get(name).hash())) {
          cluster.resource(shown.get(name).pod()).withGracePeriod(0).delete();
          shown.remove(name);
        }
      }
      wanted.forEach(this::show);
    } catch (KubernetesClientException e) {
      LOG.debug("the pods of {} cannot be shown now: {}", node, e.getMessage());
    }
  }

  private void show(String name, Running pod) {
    Shown last = shown.get(name);
    if (last == null) {
      Pod made = cluster.resource(mirror(name, pod)).create();
      last = new Shown(made, pod.hash(), List.of());
      shown.put(name, last);
    }
    if (!last.statuses().equals(pod.containers())) {
      Pod told =
          new PodBuilder(last.pod())
              .editMetadata()
              .withResourceVersion(null)
              .endMetadata()
              .withStatus(status(pod.containers()))
              .build();
      cluster.resource(told).updateStatus();
      shown.put(name, new Shown(last.pod(), pod.hash(), pod.containers()));
    }
  }

  private Pod mirror(String name, Running pod) {
    Pod asked =
        cluster
            .getKubernetesSerialization()
            .unmarshal(new String(pod.manifest(), StandardCharsets.UTF_8), Pod.class);
    String namespace = Objects.requireNonNullElse(asked.getMetadata().getNamespace(), "default");
    return new PodBuilder(asked)
        .editMetadata()
        .withName(name)
        .withNamespace(namespace)
        .addToAnnotations(MIRROR, pod.hash())
        .addToAnnotations("kubernetes.io/config.hash", pod.hash())
        .addToAnnotations("kubernetes.io/config.source", "file")
        .endMetadata()
        .editSpec()
        .withNodeName(node)
        .endSpec()
        .build();
  }

  private static io.fabric8.kubernetes.api.model.PodStatus status(List<PodStatus> containers) {
    boolean running = containers.stream().allMatch(each -> each.state() == PodStatus.State.RUNNING);
    return new PodStatusBuilder()
        .withPhase(running ? "Running" : "Pending")
        .withContainerStatuses(containers.stream().map(ContainerWords::of).toList())
        .build();
  }
}
