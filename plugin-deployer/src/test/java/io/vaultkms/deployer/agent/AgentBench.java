package io.vaultkms.deployer.agent;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.vaultkms.lab.apiserver.LabControlPlane;
import io.vaultkms.lab.cluster.Kubeconfig;
import io.vaultkms.lab.tls.CertificateAuthority;
import io.vaultkms.lab.world.World;
import io.vaultkms.model.node.NodeReport;
import io.vaultkms.platform.cluster.Contract;
import io.vaultkms.platform.cluster.Observer;
import io.vaultkms.platform.env.Variables;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * One node's agent in this JVM, with a stand-in for its API server and no kubelet: the test is the
 * kubelet, and its plugins listen in this JVM too.
 */
final class AgentBench implements AutoCloseable {
  static final String NODE = "n1";

  private final Path root;
  private final LabControlPlane controlPlane;
  private final KubernetesClient cluster;
  private final AgentConfig config;

  private AgentBench(Path root) {
    this.root = root;
    this.controlPlane =
        (LabControlPlane)
            World.standIn(
                new World.ControlPlaneSite(
                    root,
                    List.of(NODE),
                    node -> root.resolve("etc/kubernetes/encryption/encryption-config.json"),
                    CertificateAuthority.create("test")),
                Duration.ofMillis(100));
    Kubeconfig admin =
        new Kubeconfig(
            controlPlane.url(NODE), controlPlane.caCertificate(), controlPlane.adminToken());
    this.cluster =
        new KubernetesClientBuilder()
            .withConfig(
                new ConfigBuilder(Config.fromKubeconfig(admin.text()))
                    .withRequestRetryBackoffLimit(0)
                    .build())
            .build();
    this.config =
        AgentConfig.read(
            new Variables(
                Map.of(
                    "NODE_NAME",
                    NODE,
                    "HOST_ROOT",
                    root.toString(),
                    "API_SERVER_URL",
                    controlPlane.url(NODE).toString())));
    put(
        new NamespaceBuilder()
            .withNewMetadata()
            .withName(Contract.MANAGED_NAMESPACE)
            .endMetadata()
            .build());
  }

  static AgentBench start(Path root) {
    return new AgentBench(root);
  }

  /** An agent that has just been started. */
  NodeLook agent() {
    return agent(HostFiles.PLAIN);
  }

  NodeLook agent(HostFiles files) {
    return new NodeLook(
        cluster,
        config,
        files,
        new OwnApiServer(cluster),
        // What has not changed is not reported again.
        new Reporter(cluster, NODE, Duration.ofHours(1)),
        Clock.systemUTC());
  }

  LabControlPlane controlPlane() {
    return controlPlane;
  }

  KubernetesClient cluster() {
    return cluster;
  }

  HostPaths paths() {
    return config.paths();
  }

  void put(HasMetadata object) {
    cluster.resource(object).createOr(existing -> existing.update());
  }

  /** What the agent said last. */
  NodeReport report() {
    return said().orElseThrow();
  }

  /** The same; empty before it has said anything. */
  Optional<NodeReport> said() {
    return Optional.ofNullable(
            cluster.genericKubernetesResources(Contract.ENCRYPTION_NODES).withName(NODE).get())
        .flatMap(Observer::report);
  }

  /** Shows a static pod to the cluster in some state, as the kubelet does. */
  void show(String pod, String mark, ContainerState state, ContainerState last) {
    PodBuilder shown =
        new PodBuilder()
            .withNewMetadata()
            .withNamespace(PluginPod.NAMESPACE)
            .withName(pod + "-" + NODE)
            .addToAnnotations(PluginPod.MARK, mark)
            .endMetadata()
            .withNewSpec()
            .addNewContainer()
            .withName(pod)
            .withImage("an-image")
            .endContainer()
            .endSpec();
    put(shown.build());
    cluster
        .resource(
            shown
                .withNewStatus()
                .addNewContainerStatus()
                .withName(pod)
                .withImage("an-image")
                .withState(state)
                .withLastState(last)
                .endContainerStatus()
                .endStatus()
                .build())
        .updateStatus();
  }

  /** Every file below the node's root and what it holds; a socket holds nothing. */
  Map<String, String> files() throws IOException {
    Map<String, String> files = new TreeMap<>();
    try (Stream<Path> walk = Files.walk(root)) {
      for (Path path : walk.filter(path -> !Files.isDirectory(path)).toList()) {
        files.put(
            root.relativize(path).toString(),
            Files.isRegularFile(path) ? Files.readString(path) : "");
      }
    }
    return files;
  }

  @Override
  public void close() {
    cluster.close();
    controlPlane.close();
  }
}
