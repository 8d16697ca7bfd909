package io.vaultkms.lab.deployment;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Container;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;

/** Writes a pod as the static pod that a lab kubelet runs: every volume a folder of the host. */
final class PodManifestWriter {
  private final ObjectNode pod = JsonNodeFactory.instance.objectNode();
  private final PodPaths paths;
  private final Set<String> volumes = new TreeSet<>();

  PodManifestWriter(String name, PodPaths paths) {
    this.paths = paths;
    pod.put("apiVersion", "v1").put("kind", "Pod");
    pod.putObject("metadata").put("name", name);
    pod.putObject("spec").put("terminationGracePeriodSeconds", 10);
  }

  /** Adds a container that runs like that. */
  void add(Container container, PodSite.Run run, boolean init) {
    ObjectNode added =
        ((ObjectNode) pod.get("spec"))
            .withArray(init ? "/initContainers" : "/containers")
            .addObject();
    added.put("name", container.getName()).put("image", container.getImage());
    if (init) {
      added.put("restartPolicy", container.getRestartPolicy());
    }
    run.command().forEach(added.putArray("command")::add);
    ArrayNode arguments = added.putArray("args");
    run.arguments().forEach(argument -> arguments.add(paths.onHost(argument)));
    ArrayNode environment = added.putArray("env");
    run.environment()
        .forEach((name, value) -> environment.addObject().put("name", name).put("value", value));
    ArrayNode mounts = added.putArray("volumeMounts");
    container
        .getVolumeMounts()
        .forEach(
            mount -> {
              volumes.add(mount.getName());
              mounts
                  .addObject()
                  .put("name", mount.getName())
                  .put("mountPath", paths.volume(mount.getName()).toString());
            });
  }

  /** A pod whose one container is the API server has nothing for the kubelet. */
  boolean hasContainers() {
    return pod.get("spec").has("initContainers") || pod.get("spec").has("containers");
  }

  byte[] json() {
    ArrayNode all = ((ObjectNode) pod.get("spec")).putArray("volumes");
    for (String volume : volumes) {
      ObjectNode host = all.addObject().put("name", volume).putObject("hostPath");
      host.put("path", paths.volume(volume).toString()).put("type", "DirectoryOrCreate");
    }
    return pod.toString().getBytes(StandardCharsets.UTF_8);
  }
}
