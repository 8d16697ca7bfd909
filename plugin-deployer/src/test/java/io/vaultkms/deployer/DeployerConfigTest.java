package io.vaultkms.deployer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vaultkms.platform.env.BadConfiguration;
import io.vaultkms.platform.env.Variables;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DeployerConfigTest {
  @Test
  void itsVariablesAndTheirStandardsStay() {
    Variables variables = new Variables(Map.of());
    DeployerConfig.read(variables);

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
            "COMPONENTS=auto",
            "REPORTER_IMAGE=",
            "REPORTER_API_SERVER_URL=https://localhost:8443",
            "REPORTER_POLL_INTERVAL=2s",
            "REPORTER_PROBE_INTERVAL=30s",
            "ROLLOUT_STALLED_AFTER=10m",
            "KAFKA_BOOTSTRAP_SERVERS=localhost:9092",
            "KAFKA_PROPERTIES_FILE=",
            "EVENTS_PARTITIONS=3",
            "EVENTS_REPLICATION=1");
  }

  @Test
  void saysAllThatIsWrongInOneSentenceEach() {
    Variables variables =
        new Variables(
            Map.of(
                "CLUSTER_ID", "My Cluster",
                "RESYNC_INTERVAL", "often",
                "REPORTER_API_SERVER_URL", "https://api.example.com",
                "REPORTER_PROBE_INTERVAL", "5m"));
    DeployerConfig.read(variables);

    assertThatThrownBy(variables::check)
        .isInstanceOf(BadConfiguration.class)
        .hasMessage(
            """
            CLUSTER_ID 'My Cluster' must be 1 to 63 lower case letters, digits, '-' and '.'
            RESYNC_INTERVAL 'often' must be a length of time such as 500ms, 30s, 3m, 1h or 7d
            REPORTER_API_SERVER_URL 'https://api.example.com' must be https://localhost:port, https://127.0.0.1:port or https://[::1]:port, since a token is sent there and no certificate is checked
            REPORTER_PROBE_INTERVAL '5m' must be at most 30s, since who has not reported for 2m counts as silent\
            """);
  }
}
