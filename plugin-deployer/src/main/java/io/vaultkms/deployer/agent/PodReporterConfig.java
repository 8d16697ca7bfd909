package io.vaultkms.deployer.agent;

import io.vaultkms.deployer.contract.ReportInterval;
import io.vaultkms.deployer.rollout.ReporterVariables;
import io.vaultkms.platform.env.Variables;
import io.vaultkms.platform.service.ServiceSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * What a pod's reporter is told, all of it by the pod template.
 *
 * @param revision of the bundle that the pod was made for
 * @param configFile the EncryptionConfiguration that the pod's API server was started with
 * @param sockets the folder of the plugins' sockets
 * @param apiServer the pod's own API server
 */
record PodReporterConfig(
    ServiceSettings service,
    String podName,
    String component,
    int revision,
    Path configFile,
    Path sockets,
    String apiServer,
    Duration poll,
    Duration probe) {
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?");

  static PodReporterConfig read(Variables variables) {
    return new PodReporterConfig(
        ServiceSettings.read(variables),
        variables.text(
            "POD_NAME", "localhost", NAME, "must be the name of a pod", "the pod's name"),
        variables.text("COMPONENT", "kube-apiserver", "component whose API server runs here"),
        variables.number("REVISION", 0, 0, Integer.MAX_VALUE, "revision the pod was made for"),
        Path.of(
            variables.text(
                "ENCRYPTION_CONFIG_FILE",
                "/var/run/secrets/encryption-config/encryption-config",
                "the API server's --encryption-provider-config")),
        Path.of(
            variables.text(
                "PLUGIN_SOCKETS", "/var/run/kmsplugin", "folder of the plugins' sockets")),
        ReporterVariables.apiServer(variables, "API_SERVER_URL", "the pod's own API server"),
        poll(variables),
        probe(variables));
  }

  static Duration poll(Variables variables) {
    return variables.duration(
        "REPORTER_POLL_INTERVAL",
        Duration.ofSeconds(2),
        "how often to look while something is under way");
  }

  static Duration probe(Variables variables) {
    return ReportInterval.read(
        variables,
        "REPORTER_PROBE_INTERVAL",
        "how often to probe the plugins and report when nothing is");
  }
}
