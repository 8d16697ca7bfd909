package io.vaultkms.lab.deployment;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.vaultkms.lab.kubelet.PodStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Deployment that lives: its controller makes and replaces pods, and a kubelet runs every pod of
 * its namespace. Looks every 200 ms. Closing it ends all processes and leaves the objects.
 */
public final class LabDeployment implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LabDeployment.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final String IDLE = "";

  private final KubernetesClient client;
  private final String namespace;
  private final PodSite site;
  private final DeploymentController controller;
  private final Map<String, LabPod> running = new HashMap<>();
  private final Map<String, String> told = new HashMap<>();
  private final Thread thread;

  private LabDeployment(KubernetesClient client, String namespace, String name, PodSite site) {
    this.client = client;
    this.namespace = namespace;
    this.site = site;
    this.controller = new DeploymentController(client, namespace, name);
    this.thread = Thread.ofVirtual().name("deployment-" + name).unstarted(this::run);
  }

  /** Starts to look; the Deployment may be made before or after. */
  public static LabDeployment start(
      KubernetesClient client, String namespace, String name, PodSite site) {
    LabDeployment deployment = new LabDeployment(client, namespace, name, site);
    deployment.thread.start();
    return deployment;
  }

  private void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        try {
          controller.look();
          runPods();
        } catch (KubernetesClientException | IOException e) {
          LOG.warn("pods of {}: {}", namespace, e.getMessage());
        }
        Thread.sleep(POLL);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void runPods() throws IOException {
    Set<String> present = new HashSet<>();
    for (Pod pod : client.pods().inNamespace(namespace).list().getItems()) {
      present.add(pod.getMetadata().getName());
      if (pod.getMetadata().getDeletionTimestamp() != null) {
        stop(pod.getMetadata().getName());
        release(pod);
      } else {
        runOne(pod);
      }
    }
    for (String name : Set.copyOf(running.keySet())) {
      if (!present.contains(name)) {
        stop(name);
      }
    }
  }

  private void runOne(Pod pod) throws IOException {
    String name = pod.getMetadata().getName();
    if (!running.containsKey(name)) {
      LabPod.start(site, client, pod).ifPresent(started -> running.put(name, started));
    }
    LabPod own = running.get(name);
    if (own != null) {
      own.goOn();
      tell(pod, own);
    }
  }

  private void stop(String name) {
    LabPod stopped = running.remove(name);
    told.remove(name);
    if (stopped != null) {
      stopped.close();
    }
  }

  private void release(Pod pod) {
    client
        .resource(
            new PodBuilder(pod)
                .editMetadata()
                .removeFromFinalizers(DeploymentController.FINALIZER)
                .endMetadata()
                .build())
        .update();
  }

  private void tell(Pod pod, LabPod own) {
    boolean ready = own.ready();
    List<ContainerStatus> containers =
        own.containers().stream().map(LabDeployment::status).toList();
    String news = ready + " " + containers;
    if (news.equals(told.getOrDefault(pod.getMetadata().getName(), IDLE))) {
      return;
    }
    client
        .resource(
            new PodBuilder(pod)
                .withStatus(
                    new PodStatusBuilder()
                        .withPhase("Running")
                        .addNewCondition()
                        .withType("Ready")
                        .withStatus(ready ? "True" : "False")
                        .endCondition()
                        .withInitContainerStatuses(containers)
                        .build())
                .build())
        .updateStatus();
    told.put(pod.getMetadata().getName(), news);
  }

  private static ContainerStatus status(PodStatus container) {
    ContainerStatusBuilder status =
        new ContainerStatusBuilder()
            .withName(container.container())
            .withImage(container.image())
            .withRestartCount(container.restarts());
    if (container.state() != PodStatus.State.RUNNING) {
      status
          .withNewState()
          .withNewWaiting()
          .withReason(container.state().toString())
          .withMessage(container.reason())
          .endWaiting()
          .endState();
    }
    return status.build();
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Set.copyOf(running.keySet()).forEach(this::stop);
  }
}
