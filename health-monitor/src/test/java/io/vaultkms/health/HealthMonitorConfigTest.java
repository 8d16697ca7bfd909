package io.vaultkms.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaultkms.platform.env.Variables;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HealthMonitorConfigTest {
  @Test
  void itsVariablesAndTheirStandardsStay() {
    Variables variables = new Variables(Map.of());
    HealthMonitorConfig.read(variables);

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
            "ROLLOUT_STALLED_AFTER=10m",
            "KAFKA_BOOTSTRAP_SERVERS=localhost:9092",
            "KAFKA_PROPERTIES_FILE=",
            "EVENTS_PARTITIONS=3",
            "EVENTS_REPLICATION=1");
  }
}
