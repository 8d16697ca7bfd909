package io.vaultkms.deployer.agent;

import io.vaultkms.deployer.contract.EncryptionConfiguration;
import java.nio.file.Path;

/** Where things are on the host; a static pod sees each at the same path. */
record HostPaths(Path root, String configFile) {
  Path manifests() {
    return below("/etc/kubernetes/manifests");
  }

  Path manifest(String pod) {
    return manifests().resolve(pod + ".json");
  }

  Path pluginFolders() {
    return below("/etc/kubernetes/static-pod-resources/kms-plugins");
  }

  Path pluginFolder(String name) {
    return pluginFolders().resolve(name);
  }

  Path encryptionConfig() {
    return below(configFile);
  }

  Path sockets() {
    return below(EncryptionConfiguration.SOCKET_FOLDER);
  }

  /** The path of the host that stands for this absolute path. */
  Path below(String absolute) {
    return root.resolve(absolute.substring(1));
  }
}
