package io.vaultkms.lab.kubelet;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A static pod's manifest: the part of a Pod that the lab's kubelet acts on.
 *
 * @param grace seconds between SIGTERM and SIGKILL
 * @param hash of the whole file: any change, be it of an annotation, is another pod
 */
record PodManifest(
    String name, List<Container> containers, List<Volume> volumes, long grace, String hash) {
  private static final YAMLMapper YAML = new YAMLMapper();

  /**
   * What one container runs. Its environment may hold anything, so it is not shown.
   *
   * @param tellsLog whether the end of its log is told when it fails
   */
  record Container(
      String name,
      String image,
      List<String> command,
      List<String> args,
      Map<String, String> environment,
      List<Mount> mounts,
      boolean tellsLog) {
    @Override
    public String toString() {
      return "Container[" + name + ", " + image + "]";
    }
  }

  record Mount(String volume, Path path) {}

  /** A folder of the host; {@code create} if it is to be made when it is missing. */
  record Volume(String name, Path path, boolean create) {}

  /**
   * @throws IllegalArgumentException saying what is wrong in one sentence
   */
  static PodManifest parse(byte[] file) {
    JsonNode pod = read(file);
    if (!pod.path("kind").asText().equals("Pod")) {
      throw new IllegalArgumentException(
          "kind is '" + pod.path("kind").asText() + "', it must be Pod");
    }
    JsonNode spec = pod.path("spec");
    List<Container> containers = new ArrayList<>();
    for (JsonNode init : spec.path("initContainers")) {
      if (!init.path("restartPolicy").asText().equals("Always")) {
        throw new IllegalArgumentException(
            "init container '" + init.path("name").asText() + "' must have restartPolicy Always");
      }
      containers.add(container(init));
    }
    spec.path("containers").forEach(each -> containers.add(container(each)));
    String name = required(pod.path("metadata"), "name", "metadata.name");
    if (containers.isEmpty()) {
      throw new IllegalArgumentException("spec.containers is empty, it must have a container");
    }
    long grace = spec.path("terminationGracePeriodSeconds").asLong(30);
    PodManifest manifest =
        new PodManifest(name, List.copyOf(containers), volumes(spec), grace, hash(file));
    manifest.checkMounts();
    return manifest;
  }

  static String hash(byte[] file) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(file));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static JsonNode read(byte[] file) {
    try {
      return YAML.readTree(file);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "it is neither YAML nor JSON: line "
              + (e.getLocation() == null ? "?" : e.getLocation().getLineNr()));
    } catch (IOException e) {
      throw new IllegalArgumentException("it cannot be read: " + e);
    }
  }

  private static Container container(JsonNode container) {
    String name = required(container, "name", "a container's name");
    Map<String, String> environment = new LinkedHashMap<>();
    for (JsonNode variable : container.path("env")) {
      if (variable.has("valueFrom")) {
        throw new IllegalArgumentException("env of container '" + name + "' has a valueFrom");
      }
      environment.put(variable.path("name").asText(), variable.path("value").asText());
    }
    List<Mount> mounts =
        stream(container.path("volumeMounts"))
            .map(
                mount ->
                    new Mount(
                        mount.path("name").asText(), Path.of(mount.path("mountPath").asText())))
            .toList();
    return new Container(
        name,
        required(container, "image", "the image of container '" + name + "'"),
        texts(container.path("command")),
        texts(container.path("args")),
        Map.copyOf(environment),
        mounts,
        container.path("terminationMessagePolicy").asText().equals("FallbackToLogsOnError"));
  }

  private static List<Volume> volumes(JsonNode spec) {
    return stream(spec.path("volumes"))
        .map(
            volume -> {
              String name = volume.path("name").asText();
              String path = volume.path("hostPath").path("path").asText();
              if (path.isEmpty()) {
                throw new IllegalArgumentException("volume '" + name + "' is no hostPath");
              }
              String type = volume.path("hostPath").path("type").asText();
              return new Volume(name, Path.of(path), type.equals("DirectoryOrCreate"));
            })
        .toList();
  }

  /** Processes see the host's own paths, so a mount can only be what it is on the host. */
  private void checkMounts() {
    for (Container container : containers) {
      for (Mount mount : container.mounts()) {
        Volume volume =
            volumes.stream()
                .filter(each -> each.name().equals(mount.volume()))
                .findFirst()
                .orElseThrow(
                    () ->
                        new IllegalArgumentException(
                            "there is no volume '" + mount.volume() + "' to mount"));
        if (!volume.path().equals(mount.path())) {
          throw new IllegalArgumentException(
              "volume '%s' is %s on the host but mounted at %s: the lab needs both to be the same"
                  .formatted(volume.name(), volume.path(), mount.path()));
        }
      }
    }
  }

  private static Stream<JsonNode> stream(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false);
  }

  private static List<String> texts(JsonNode list) {
    return stream(list).map(JsonNode::asText).toList();
  }

  private static String required(JsonNode node, String field, String what) {
    String text = node.path(field).asText();
    if (text.isEmpty()) {
      throw new IllegalArgumentException(what + " is missing");
    }
    return text;
  }
}
