package io.vaultkms.deployer.agent;

import io.vaultkms.platform.env.Variables;
import io.vaultkms.platform.service.ServiceSettings;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What a preflight's pod is told, all of it by the deployer.
 *
 * @param requestId the uid of the request that it answers
 * @param hash the handshake of what it tries
 */
record PodPreflightConfig(
    ServiceSettings service,
    String component,
    String requestId,
    String hash,
    int keyId,
    Path sockets,
    Duration poll,
    Duration probe) {
  static PodPreflightConfig read(Variables variables) {
    return new PodPreflightConfig(
        ServiceSettings.read(variables),
        variables.text("COMPONENT", "kube-apiserver", "component that the key is to be for"),
        variables.text("PREFLIGHT_REQUEST", "", "uid of the request"),
        variables.text("PREFLIGHT_HASH", "", "handshake of what is tried"),
        variables.number("PREFLIGHT_KEY_ID", 1, 1, Integer.MAX_VALUE, "the key's number"),
        Path.of(
            variables.text(
                "PLUGIN_SOCKETS", "/var/run/kmsplugin", "folder of the plugin's socket")),
        PodReporterConfig.poll(variables),
        PodReporterConfig.probe(variables));
  }

  Path socket() {
    return sockets.resolve("kms-" + keyId + ".sock");
  }
}
