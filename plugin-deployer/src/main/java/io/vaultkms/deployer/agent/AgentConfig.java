package io.vaultkms.deployer.agent;

import io.vaultkms.deployer.contract.ReportInterval;
import io.vaultkms.platform.env.Variables;
import io.vaultkms.platform.service.ServiceSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * What the node agent is told.
 *
 * @param root every path of the host lies below it
 * @param apiServer this node's own API server, never a load balancer
 * @param poll how often the node is looked at while something is under way
 * @param probe how often it is looked at, and reports, when nothing is
 */
record AgentConfig(
    ServiceSettings service,
    String nodeName,
    String component,
    Path root,
    String configFile,
    String apiServer,
    Duration poll,
    Duration probe) {
  private static final Pattern NODE = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?");
  private static final Pattern ABSOLUTE = Pattern.compile("/.*");
  private static final Pattern HTTPS = Pattern.compile("https://[^/]+/?");

  HostPaths paths() {
    return new HostPaths(root, configFile);
  }

  static AgentConfig read(Variables variables) {
    return new AgentConfig(
        ServiceSettings.read(variables),
        variables.text(
            "NODE_NAME",
            variables.text("HOSTNAME", "localhost", "name of the node where NODE_NAME is not set"),
            NODE,
            "must be the name of a node",
            "name of the node, as Kubernetes has it"),
        variables.text("COMPONENT", "kube-apiserver", "component whose API server runs here"),
        Path.of(
            variables.text(
                "HOST_ROOT",
                "/",
                ABSOLUTE,
                "must be an absolute path",
                "folder below which every path of the host lies")),
        variables.text(
            "ENCRYPTION_CONFIG_FILE",
            "/etc/kubernetes/encryption/encryption-config.json",
            ABSOLUTE,
            "must be an absolute path, which is taken below HOST_ROOT",
            "the API server's --encryption-provider-config"),
        variables.text(
            "API_SERVER_URL",
            "https://localhost:6443",
            HTTPS,
            "must be https://host:port",
            "this node's own API server, never a load balancer"),
        variables.duration(
            "AGENT_POLL_INTERVAL",
            Duration.ofSeconds(2),
            "how often to look while something is under way"),
        ReportInterval.read(
            variables,
            "AGENT_PROBE_INTERVAL",
            "how often to probe the plugins and report when nothing is"));
  }
}
