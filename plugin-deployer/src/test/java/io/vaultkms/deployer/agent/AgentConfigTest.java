package io.vaultkms.deployer.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vaultkms.platform.env.BadConfiguration;
import io.vaultkms.platform.env.Variables;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AgentConfigTest {
  @Test
  void itsVariablesAndTheirStandardsStay() {
    Variables variables = new Variables(Map.of("HOSTNAME", "node-7"));
    AgentConfig config = AgentConfig.read(variables);

    assertThat(variables.documented())
        .extracting(variable -> variable.name() + "=" + variable.standard())
        .containsExactly(
            "CLUSTER_ID=local",
            "HTTP_HOST=0.0.0.0",
            "HTTP_PORT=8080",
            "RESYNC_INTERVAL=3m",
            "KUBECONFIG=",
            "KUBE_CONTEXT=",
            "KUBE_REQUEST_TIMEOUT=15s",
            "HOSTNAME=localhost",
            "NODE_NAME=node-7",
            "COMPONENT=kube-apiserver",
            "HOST_ROOT=/",
            "ENCRYPTION_CONFIG_FILE=/etc/kubernetes/encryption/encryption-config.json",
            "API_SERVER_URL=https://localhost:6443",
            "AGENT_POLL_INTERVAL=2s",
            "AGENT_PROBE_INTERVAL=30s");
    assertThat(config.nodeName()).isEqualTo("node-7");
  }

  @Test
  void takesWhatIsSet() {
    AgentConfig config =
        AgentConfig.read(
            new Variables(
                Map.of(
                    "HOSTNAME", "node-7",
                    "NODE_NAME", "node-8",
                    "HOST_ROOT", "/host",
                    "AGENT_POLL_INTERVAL", "200ms",
                    "AGENT_PROBE_INTERVAL", "1s")));

    assertThat(config.nodeName()).isEqualTo("node-8");
    assertThat(config.root()).isEqualTo(Path.of("/host"));
    assertThat(config.poll()).isEqualTo(Duration.ofMillis(200));
    assertThat(config.probe()).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void saysAllThatIsWrongInOneSentenceEach() {
    Variables variables =
        new Variables(
            Map.of(
                "NODE_NAME", "Node One",
                "HOST_ROOT", "host",
                "ENCRYPTION_CONFIG_FILE", "config.json",
                "API_SERVER_URL", "http://localhost:6443",
                "AGENT_POLL_INTERVAL", "0s",
                "AGENT_PROBE_INTERVAL", "31s"));
    AgentConfig.read(variables);

    assertThatThrownBy(variables::check)
        .isInstanceOf(BadConfiguration.class)
        .hasMessage(
            """
            NODE_NAME 'Node One' must be the name of a node
            HOST_ROOT 'host' must be an absolute path
            ENCRYPTION_CONFIG_FILE 'config.json' must be an absolute path, which is taken below HOST_ROOT
            API_SERVER_URL 'http://localhost:6443' must be https://host:port
            AGENT_POLL_INTERVAL '0s' must be a length of time such as 500ms, 30s, 3m, 1h or 7d
            AGENT_PROBE_INTERVAL '31s' must be at most 30s, since who has not reported for 2m counts as silent\
            """);
  }
}
