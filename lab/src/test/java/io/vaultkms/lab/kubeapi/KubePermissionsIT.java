package io.vaultkms.lab.kubeapi;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaultkms.lab.cluster.ClusterHttp;
import io.vaultkms.lab.cluster.ControlPlane;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Service accounts have the permissions that {@code deploy/} gives them and no others. */
@ExtendWith(RealBackend.class)
class KubePermissionsIT {
  private static ClusterHttp as(String namespace, String account) {
    ControlPlane cluster = RealBackend.shared();
    return new ClusterHttp(
        cluster.url(cluster.nodes().getFirst()),
        cluster.caCertificate(),
        cluster.token(namespace, account));
  }

  @Test
  void letsTheConfigWatcherReadWhatIsWantedAndNoOtherSecrets() {
    try (ClusterHttp watcher = as("vaultkms", "config-watcher")) {
      String apiServers = "/apis/config.openshift.io/v1/apiservers";
      String wanted = apiServers + "?fieldSelector=metadata.name%3Dcluster";

      // 429 while the storage of a custom resource is made ready after a start.
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> watcher.get(wanted).code() != 429);
      assertThat(watcher.get(wanted).code()).isEqualTo(200);
      assertThat(watcher.get("/api/v1/namespaces/openshift-config/secrets").code()).isEqualTo(200);
      assertThat(watcher.get("/api/v1/secrets").code()).isEqualTo(403);
      assertThat(watcher.get(apiServers).code()).isEqualTo(403);
    }
  }

  @Test
  void letsTheAgentReadItsApiServersMetricsAndNoKeys() {
    try (ClusterHttp agent = as("vaultkms-nodes", "node-agent")) {
      String secrets = "/api/v1/namespaces/openshift-config-managed/secrets";

      assertThat(agent.get("/metrics").code()).isEqualTo(200);
      assertThat(agent.get(secrets + "/encryption-config-kube-apiserver").code()).isEqualTo(404);
      assertThat(agent.get(secrets + "/encryption-key-kube-apiserver-1").code()).isEqualTo(403);
      assertThat(agent.get(secrets).code()).isEqualTo(403);
    }
  }

  @Test
  void letsTheAgentReadSinglePodsOfKubeSystemAndNoOthers() {
    try (ClusterHttp agent = as("vaultkms-nodes", "node-agent")) {
      String pods = "/api/v1/namespaces/kube-system/pods";

      assertThat(agent.get(pods + "/vault-kms-plugin-1-n1").code()).isEqualTo(404);
      assertThat(agent.get(pods).code()).isEqualTo(403);
      assertThat(agent.get("/api/v1/namespaces/vaultkms/pods/any").code()).isEqualTo(403);
    }
  }

  @Test
  void givesAnAccountThatDeployDoesNotKnowNothing() {
    try (ClusterHttp stranger = as("elsewhere", "stranger")) {
      assertThat(stranger.get("/api/v1/namespaces/elsewhere/secrets").code()).isEqualTo(403);
      assertThat(stranger.get("/metrics").code()).isEqualTo(403);
    }
  }
}
