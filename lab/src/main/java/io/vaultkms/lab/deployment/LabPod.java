package io.vaultkms.lab.deployment;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.vaultkms.lab.apiserver.LabApiServer;
import io.vaultkms.lab.kubelet.LabKubelet;
import io.vaultkms.lab.kubelet.PodStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One pod as it runs: every container is a process, but the API server, which is a stand-in in this
 * one. Processes see the host's own paths, so each path below a mount, on a command line, in the
 * environment and in the EncryptionConfiguration, is written as what it is on the host.
 */
final class LabPod implements AutoCloseable {
  private static final String CONFIG_FLAG = "--encryption-provider-config=";

  private final PodSite site;
  private final String name;
  private final Pod pod;
  private final Path folder;
  private final PodPaths paths;
  private final LabKubelet kubelet;
  private @Nullable LabApiServer server;

  private LabPod(PodSite site, Pod pod, Path folder, PodPaths paths, LabKubelet kubelet) {
    this.site = site;
    this.name = pod.getMetadata().getName();
    this.pod = pod;
    this.folder = folder;
    this.paths = paths;
    this.kubelet = kubelet;
  }

  static boolean isReady(Pod pod) {
    return pod.getStatus() != null
        && pod.getStatus().getConditions().stream()
            .anyMatch(it -> it.getType().equals("Ready") && it.getStatus().equals("True"));
  }

  /** Makes the volumes and starts the processes; empty while a volume's Secret is not there. */
  static Optional<LabPod> start(PodSite site, KubernetesClient client, Pod pod) throws IOException {
    String name = pod.getMetadata().getName();
    // A socket's path has 107 bytes at most.
    Path folder = site.folder().resolve(pod.getMetadata().getUid().substring(0, 8));
    PodPaths paths = PodPaths.of(folder, pod.getSpec());
    for (Volume volume : pod.getSpec().getVolumes()) {
      if (!fill(client, pod, volume, paths)) {
        return Optional.empty();
      }
    }
    LabKubelet kubelet =
        LabKubelet.start(folder.resolve("manifests"), site.logs().resolve(name), site::command);
    LabPod started = new LabPod(site, pod, folder, paths, kubelet);
    PodManifestWriter manifest = started.manifest();
    if (manifest.hasContainers()) {
      Files.write(folder.resolve("pod.json"), manifest.json());
      Files.move(folder.resolve("pod.json"), folder.resolve("manifests").resolve("pod.json"));
    }
    return Optional.of(started);
  }

  private static boolean fill(KubernetesClient client, Pod pod, Volume volume, PodPaths paths)
      throws IOException {
    Path folder = paths.volume(volume.getName());
    Files.createDirectories(folder);
    if (volume.getSecret() == null) {
      return true;
    }
    Secret secret =
        client
            .secrets()
            .inNamespace(pod.getMetadata().getNamespace())
            .withName(volume.getSecret().getSecretName())
            .get();
    if (secret == null) {
      return false;
    }
    for (var item : volume.getSecret().getItems()) {
      byte[] content = Base64.getDecoder().decode(secret.getData().get(item.getKey()));
      boolean config = item.getKey().equals("encryption-config");
      Path file = folder.resolve(item.getPath());
      Files.createDirectories(file.getParent());
      Files.write(
          file, config ? paths.onHost(new String(content, UTF_8)).getBytes(UTF_8) : content);
    }
    return true;
  }

  private PodManifestWriter manifest() {
    PodManifestWriter writer = new PodManifestWriter(name, paths);
    for (Container container : pod.getSpec().getInitContainers()) {
      writer.add(container, site.run(container, environment(container)), true);
    }
    for (Container container : pod.getSpec().getContainers()) {
      if (!container.getImage().equals(site.apiServerImage())) {
        writer.add(container, site.run(container, environment(container)), false);
      }
    }
    return writer;
  }

  private Map<String, String> environment(Container container) {
    Map<String, String> environment = new TreeMap<>();
    for (EnvVar variable : container.getEnv()) {
      environment.put(
          variable.getName(),
          variable.getValueFrom() == null ? paths.onHost(variable.getValue()) : name);
    }
    environment.put("KUBECONFIG", site.kubeconfig().toString());
    ownServer().ifPresent(own -> environment.put("API_SERVER_URL", own));
    return environment;
  }

  /** Known before it is started: pods of one machine cannot all have the same port. */
  private Optional<String> ownServer() {
    return apiServerContainer().map(_ -> site.api().url(site.port(name)));
  }

  private Optional<Container> apiServerContainer() {
    return pod.getSpec().getContainers().stream()
        .filter(container -> container.getImage().equals(site.apiServerImage()))
        .findFirst();
  }

  /** Starts the API server once everything beside it has been started, as the kubelet does. */
  void goOn() {
    if (server == null && sidecarsRun() && apiServerContainer().isPresent()) {
      Path config =
          apiServerContainer().get().getArgs().stream()
              .filter(argument -> argument.startsWith(CONFIG_FLAG))
              .map(argument -> paths.onHost(argument.substring(CONFIG_FLAG.length())))
              .map(Path::of)
              .findFirst()
              .orElse(null);
      server = site.api().start(name, config, site.port(name));
    }
  }

  private boolean sidecarsRun() {
    List<PodStatus> all = kubelet.pods();
    int expected = pod.getSpec().getInitContainers().size();
    return all.size() >= expected
        && all.stream().allMatch(each -> each.state() == PodStatus.State.RUNNING);
  }

  /** Whether everything runs and the API server, where there is one, is ready. */
  boolean ready() {
    LabApiServer own = server;
    return sidecarsRun() && (apiServerContainer().isEmpty() || own != null && own.ready());
  }

  List<PodStatus> containers() {
    return kubelet.pods();
  }

  /** The API server ends first: its plugins outlive it. */
  @Override
  public void close() {
    if (server != null) {
      site.api().stop(server);
    }
    kubelet.close();
    PodPaths.delete(folder);
  }
}
