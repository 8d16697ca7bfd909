package io.vaultkms.lab.deployment;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Turns a Deployment into pods as its controller does: a rolling update makes one pod more than is
 * wanted, waits until it is ready, and then stops an old one. One look does one step.
 */
final class DeploymentController {
  static final String FINALIZER = "lab.example/kubelet";
  private static final String HASH = "pod-template-hash";

  private final KubernetesClient client;
  private final String namespace;
  private final String name;
  private int made;

  DeploymentController(KubernetesClient client, String namespace, String name) {
    this.client = client;
    this.namespace = namespace;
    this.name = name;
  }

  void look() {
    Deployment deployment = client.apps().deployments().inNamespace(namespace).withName(name).get();
    if (deployment == null) {
      return;
    }
    String hash = hash(deployment.getSpec().getTemplate());
    List<Pod> current = new ArrayList<>();
    List<Pod> old = new ArrayList<>();
    for (Pod pod :
        client
            .pods()
            .inNamespace(namespace)
            .withLabelSelector(deployment.getSpec().getSelector())
            .list()
            .getItems()) {
      if (pod.getMetadata().getDeletionTimestamp() == null) {
        (hash.equals(pod.getMetadata().getLabels().get(HASH)) ? current : old).add(pod);
      }
    }
    roll(deployment, hash, current, old);
  }

  private void roll(Deployment deployment, String hash, List<Pod> current, List<Pod> old) {
    int wanted = deployment.getSpec().getReplicas();
    long ready = current.stream().filter(LabPod::isReady).count();
    if (current.size() < wanted && current.size() + old.size() <= wanted) {
      create(deployment.getSpec().getTemplate(), hash);
    } else if (!old.isEmpty() && ready + old.size() > wanted) {
      stopOne(old);
    } else if (current.size() > wanted) {
      stopOne(current);
    }
  }

  private void create(PodTemplateSpec template, String hash) {
    client
        .resource(
            new PodBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name + "-" + hash + "-" + ++made)
                .addToLabels(template.getMetadata().getLabels())
                .addToLabels(HASH, hash)
                .withAnnotations(template.getMetadata().getAnnotations())
                .addToFinalizers(FINALIZER)
                .endMetadata()
                .withSpec(template.getSpec())
                .build())
        .create();
  }

  private void stopOne(List<Pod> pods) {
    pods.stream()
        .min(
            Comparator.comparing(LabPod::isReady)
                .thenComparing(pod -> pod.getMetadata().getCreationTimestamp()))
        .ifPresent(pod -> client.resource(pod).delete());
  }

  private static String hash(PodTemplateSpec template) {
    return "%08x".formatted(Serialization.asJson(template).hashCode());
  }
}
