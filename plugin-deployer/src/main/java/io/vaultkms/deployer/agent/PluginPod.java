package io.vaultkms.deployer.agent;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vaultkms.deployer.contract.KeyData;
import io.vaultkms.model.config.PluginLaunch;
import io.vaultkms.platform.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * One plugin on this node: its credentials in a folder of its own, and a static pod. A static pod,
 * because a plugin that ran through the API it serves could never start after a reboot.
 *
 * @param name of the pod and of the folder
 * @param socket where it listens
 * @param keyId the key it serves, or is to serve
 */
record PluginPod(String name, Path socket, long keyId, KeyData key) {
  /** What the names begin with of the pods that serve, and of those that are tried. */
  static final String SERVING = "vault-kms-plugin-";

  static final String CANDIDATE = "vault-kms-preflight-";

  /** The annotation by which one content of a pod is told from another. */
  static final String MARK = "vaultkms.io/handshake";

  static final String NAMESPACE = "kube-system";

  /** The plugin that serves a key. */
  static PluginPod serving(HostPaths paths, long keyId, KeyData key) {
    String name = SERVING + keyId;
    return new PluginPod(name, socket(paths, name), keyId, key);
  }

  /** The plugin that tries a configuration, beside those that serve. */
  static PluginPod candidate(HostPaths paths, long keyId, KeyData key) {
    String name = CANDIDATE + keyId;
    return new PluginPod(name, socket(paths, name), keyId, key);
  }

  /** Where the plugin of a pod of that name listens. */
  static Path socket(HostPaths paths, String name) {
    String file =
        name.startsWith(SERVING)
            ? "kms-" + name.substring(SERVING.length())
            : "preflight-" + name.substring(CANDIDATE.length());
    return paths.sockets().resolve(file + ".sock");
  }

  /**
   * Writes credentials, then the manifest: the kubelet starts the pod when it sees that.
   *
   * @param mark of configuration and contents; another one is another pod
   */
  boolean write(HostFiles files, HostPaths paths, String mark) throws IOException {
    Path folder = paths.pluginFolder(name);
    PluginLaunch launch = key.kms().launch(socket.toString(), folder.toString(), key.data());
    for (Map.Entry<String, byte[]> file : launch.files().entrySet()) {
      files.write(folder.resolve(file.getKey()), file.getValue());
    }
    return files.write(
        paths.manifest(name),
        (manifest(paths, launch, mark).toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /**
   * A plugin that was started before its manifest was last written still runs with what it had
   * then. Its socket is made at its start.
   */
  boolean startedSinceManifest(HostPaths paths) throws IOException {
    try {
      return Files.getLastModifiedTime(socket)
              .compareTo(Files.getLastModifiedTime(paths.manifest(name)))
          >= 0;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  /** Stops a plugin and wipes what it had; last the folder, which tells that something is left. */
  static void remove(HostFiles files, HostPaths paths, String name) throws IOException {
    files.delete(paths.manifest(name));
    files.delete(socket(paths, name));
    files.deleteFolder(paths.pluginFolder(name));
  }

  /**
   * The names of the pods that begin so and have left anything on this node: a manifest, one that
   * was cut off, or credentials.
   */
  static SortedSet<String> written(HostPaths paths, String prefix) throws IOException {
    SortedSet<String> names = new TreeSet<>();
    for (Path folder : List.of(paths.manifests(), paths.pluginFolders())) {
      if (Files.isDirectory(folder)) {
        try (Stream<Path> files = Files.list(folder)) {
          files
              .map(file -> file.getFileName().toString())
              .map(name -> name.replaceAll("^\\.|\\.json(\\.new)?$", ""))
              .filter(name -> name.startsWith(prefix))
              .forEach(names::add);
        }
      }
    }
    return names;
  }

  /** What a plugin or the kubelet says, without the credentials of this plugin. */
  String withoutCredentials(String words) {
    return Credentials.out(words, key);
  }

  /**
   * The pod. The plugin reads its secret id once, at start: the mark in the annotation makes the
   * kubelet start it anew when only the contents of a file have changed.
   */
  private ObjectNode manifest(HostPaths paths, PluginLaunch launch, String mark) {
    ObjectNode pod = Json.MAPPER.createObjectNode();
    pod.put("apiVersion", "v1").put("kind", "Pod");
    ObjectNode metadata = pod.putObject("metadata");
    metadata.put("name", name).put("namespace", NAMESPACE);
    metadata.putObject("labels").put("app", "vault-kms-plugin").put("key-id", "" + keyId);
    metadata.putObject("annotations").put(MARK, mark);
    ObjectNode spec = pod.putObject("spec");
    spec.put("hostNetwork", true)
        .put("priorityClassName", "system-node-critical")
        .put("terminationGracePeriodSeconds", 10);
    spec.putObject("securityContext").putObject("seccompProfile").put("type", "RuntimeDefault");
    container(spec.putArray("containers").addObject(), paths, launch);
    ArrayNode volumes = spec.putArray("volumes");
    volume(volumes, "kms-plugin-socket", paths.sockets(), "DirectoryOrCreate");
    volume(volumes, "kms-plugin-data", paths.pluginFolder(name), "Directory");
    return pod;
  }

  private void container(ObjectNode container, HostPaths paths, PluginLaunch launch) {
    container.put("name", name).put("image", key.kms().image());
    ArrayNode args = container.putArray("args");
    launch.arguments().forEach(args::add);
    ObjectNode security = container.putObject("securityContext");
    security
        .put("readOnlyRootFilesystem", true)
        .put("allowPrivilegeEscalation", false)
        .put("runAsUser", 0);
    security.putObject("capabilities").putArray("drop").add("ALL");
    // A confined container may make no socket in a folder of the host, nor read one's files.
    security.putObject("seLinuxOptions").put("type", "spc_t");
    container.putObject("resources").putObject("requests").put("memory", "64Mi").put("cpu", "10m");
    container.put("terminationMessagePolicy", "FallbackToLogsOnError");
    ArrayNode mounts = container.putArray("volumeMounts");
    mount(mounts, "kms-plugin-socket", paths.sockets(), false);
    mount(mounts, "kms-plugin-data", paths.pluginFolder(name), true);
  }

  private static void volume(ArrayNode volumes, String name, Path path, String type) {
    ObjectNode hostPath = volumes.addObject().put("name", name).putObject("hostPath");
    hostPath.put("path", path.toString()).put("type", type);
  }

  private static void mount(ArrayNode mounts, String name, Path path, boolean readOnly) {
    mounts
        .addObject()
        .put("name", name)
        .put("mountPath", path.toString())
        .put("readOnly", readOnly);
  }
}
