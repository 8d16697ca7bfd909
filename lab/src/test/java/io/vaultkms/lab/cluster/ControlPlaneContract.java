package io.vaultkms.lab.cluster;

import static io.vaultkms.lab.cluster.ClusterHttp.secret;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.vaultkms.lab.cluster.ClusterHttp.Answer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every backend of the control plane must do alike. Each test has a namespace of its own;
 * nothing here knows the backend.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class ControlPlaneContract {
  private static final AtomicInteger NAMESPACES = new AtomicInteger();

  protected ControlPlane cluster;
  protected ClusterHttp http;
  protected KubernetesClient client;
  protected String namespace;
  protected String secrets;

  /** Starts a control plane of two nodes; folders are short enough for sockets. */
  protected abstract ControlPlane startCluster(Path directory);

  @BeforeAll
  void startControlPlane(@TempDir Path directory) {
    cluster = startCluster(directory);
    http = new ClusterHttp(cluster.url(node()), cluster.caCertificate(), cluster.adminToken());
    Config config =
        new ConfigBuilder()
            .withAutoConfigure(false)
            .withMasterUrl(cluster.url(node()).toString())
            .withCaCertData(cluster.caCertificate())
            .withOauthToken(cluster.adminToken())
            .withRequestRetryBackoffLimit(0)
            .build();
    client = new KubernetesClientBuilder().withConfig(config).build();
    awaitReady(node());
  }

  @AfterAll
  void stopControlPlane() {
    client.close();
    http.close();
    stopCluster(cluster);
  }

  /** Ends what {@link #startCluster} started; one that others use too goes on. */
  protected void stopCluster(ControlPlane started) {
    started.close();
  }

  @BeforeEach
  void makeNamespace() {
    namespace = "contract-" + NAMESPACES.incrementAndGet();
    secrets = "/api/v1/namespaces/" + namespace + "/secrets";
    Answer made =
        http.post("/api/v1/namespaces", "{\"metadata\":{\"name\":\"" + namespace + "\"}}");
    assertThat(made.code()).as(made.text()).isEqualTo(201);
  }

  protected String node() {
    return cluster.nodes().getFirst();
  }

  protected void awaitReady(String node) {
    try (var anonymous = new ClusterHttp(cluster.url(node), cluster.caCertificate(), "")) {
      org.awaitility.Awaitility.await()
          .atMost(Duration.ofSeconds(180))
          .ignoreExceptions()
          .until(() -> anonymous.get("/readyz").code() == 200);
    }
  }

  protected ObjectNode create(String name) {
    Answer made = http.post(secrets, secret(name, Map.of("a", "1")));
    assertThat(made.code()).as(made.text()).isEqualTo(201);
    return (ObjectNode) made.json();
  }

  protected static String versionOf(JsonNode object) {
    return object.at("/metadata/resourceVersion").asText();
  }

  protected static String uidOf(JsonNode object) {
    return object.at("/metadata/uid").asText();
  }
}
