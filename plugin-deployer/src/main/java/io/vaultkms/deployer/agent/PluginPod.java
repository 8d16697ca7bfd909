package io.vaultkms.deployer.agent;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vaultkms.deployer.contract.KeyData;
import io.vaultkms.deployer.contract.PluginArguments;
import io.vaultkms.model.config.ReferencedData;
import io.vaultkms.model.config.VaultSpec;
import io.vaultkms.platform.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One plugin on this node: its credentials in a folder of its own, and a static pod. A static pod,
 * because a plugin that ran through the API it serves could never start after a reboot.
 *
 * @param name of the pod and of the folder
 * @param socket where it listens
 * @param keyId the key it serves, or is to serve
 */
record PluginPod(String name, Path socket, long keyId, KeyData key) {
  private static final String SECRET_ID_FILE = "secret-id";
  private static final String CA_FILE = "ca-bundle.crt";

  /** The plugin that serves a key. */
  static PluginPod serving(HostPaths paths, long keyId, KeyData key) {
    String name = "vault-kms-plugin-" + keyId;
    return new PluginPod(name, paths.sockets().resolve("kms-" + keyId + ".sock"), keyId, key);
  }

  /** The plugin that tries a configuration, beside those that serve. */
  static PluginPod candidate(HostPaths paths, long keyId, KeyData key) {
    String name = "vault-kms-preflight-" + keyId;
    return new PluginPod(name, paths.sockets().resolve("preflight-" + keyId + ".sock"), keyId, key);
  }

  /** Writes credentials, then the manifest: the kubelet starts the pod when it sees that. */
  boolean write(HostPaths paths, String contentHash) throws IOException {
    VaultSpec vault = vault();
    Path folder = paths.pluginFolder(name);
    HostFiles.write(folder.resolve(SECRET_ID_FILE), appRole(vault, VaultSpec.SECRET_ID));
    byte[] ca = caBundle(vault);
    if (ca != null) {
      HostFiles.write(folder.resolve(CA_FILE), ca);
    }
    return HostFiles.write(
        paths.manifest(name),
        (manifest(paths, vault, contentHash).toPrettyString() + "\n")
            .getBytes(StandardCharsets.UTF_8));
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

  /** Stops a plugin and wipes what it had. */
  static void remove(HostPaths paths, String name) throws IOException {
    HostFiles.delete(paths.manifest(name));
    HostFiles.deleteFolder(paths.pluginFolder(name));
  }

  private VaultSpec vault() {
    return Objects.requireNonNull(key.kms().vault(), "vault");
  }

  /**
   * The pod. The plugin reads its secret id once, at start: the hash in the annotation makes the
   * kubelet start it anew when only the contents of a file have changed.
   */
  private ObjectNode manifest(HostPaths paths, VaultSpec vault, String contentHash) {
    ObjectNode pod = Json.MAPPER.createObjectNode();
    pod.put("apiVersion", "v1").put("kind", "Pod");
    ObjectNode metadata = pod.putObject("metadata");
    metadata.put("name", name).put("namespace", "kube-system");
    metadata.putObject("labels").put("app", "vault-kms-plugin").put("key-id", "" + keyId);
    metadata.putObject("annotations").put("vaultkms.io/handshake", contentHash);
    ObjectNode spec = pod.putObject("spec");
    spec.put("hostNetwork", true)
        .put("priorityClassName", "system-node-critical")
        .put("terminationGracePeriodSeconds", 10);
    spec.putObject("securityContext").putObject("seccompProfile").put("type", "RuntimeDefault");
    container(spec.putArray("containers").addObject(), paths, vault);
    ArrayNode volumes = spec.putArray("volumes");
    volume(volumes, "kms-plugin-socket", paths.sockets(), "DirectoryOrCreate");
    volume(volumes, "kms-plugin-data", paths.pluginFolder(name), "Directory");
    return pod;
  }

  private void container(ObjectNode container, HostPaths paths, VaultSpec vault) {
    container.put("name", name).put("image", vault.image());
    ArrayNode args = container.putArray("args");
    arguments(paths).forEach(args::add);
    ObjectNode security = container.putObject("securityContext");
    security
        .put("readOnlyRootFilesystem", true)
        .put("allowPrivilegeEscalation", false)
        .put("runAsUser", 0);
    security.putObject("capabilities").putArray("drop").add("ALL");
    container.putObject("resources").putObject("requests").put("memory", "64Mi").put("cpu", "10m");
    container.put("terminationMessagePolicy", "FallbackToLogsOnError");
    ArrayNode mounts = container.putArray("volumeMounts");
    mount(mounts, "kms-plugin-socket", paths.sockets(), false);
    mount(mounts, "kms-plugin-data", paths.pluginFolder(name), true);
  }

  private List<String> arguments(HostPaths paths) {
    Path folder = paths.pluginFolder(name);
    return PluginArguments.of(
        keyId,
        key,
        socket.toString(),
        entry -> folder.resolve(entry.startsWith("secret-") ? SECRET_ID_FILE : CA_FILE).toString());
  }

  private byte[] appRole(VaultSpec vault, String dataKey) {
    return entry("secret-" + vault.appRoleSecret() + "_" + dataKey);
  }

  private byte @Nullable [] caBundle(VaultSpec vault) {
    String name = vault.caBundleConfigMap();
    return name == null ? null : entry("configmap-" + name + "_" + VaultSpec.CA_BUNDLE);
  }

  private byte[] entry(String name) {
    ReferencedData data = key.data();
    byte[] value = data.entries().get(name);
    if (value == null) {
      throw new IllegalStateException("the bundle has no entry " + name + " for key " + keyId);
    }
    return value;
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
