package io.vaultkms.migrator.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vaultkms.lab.apiserver.LabControlPlane;
import io.vaultkms.lab.apiserver.LabControlPlaneOptions;
import io.vaultkms.lab.apiserver.LabTls;
import io.vaultkms.lab.cluster.Kubeconfig;
import io.vaultkms.lab.tls.CertificateAuthority;
import io.vaultkms.platform.cluster.ClusterSettings;
import io.vaultkms.platform.cluster.Clusters;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ApiClientTest {
  private static final ResourcePaths NAMESPACES = new ResourcePaths("/api/v1", "namespaces");
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  @TempDir Path folder;
  private final Vertx vertx = Vertx.vertx();
  private LabControlPlane plane;

  @BeforeEach
  void start() {
    CertificateAuthority authority = CertificateAuthority.create("test");
    plane =
        LabControlPlane.start(
            new LabControlPlaneOptions(
                List.of("n1"), node -> folder.resolve(node), LabTls.of(authority)));
  }

  @AfterEach
  void stop() throws Exception {
    plane.close();
    vertx.close().toCompletionStage().toCompletableFuture().get();
  }

  private Path kubeconfig(String token) {
    return new Kubeconfig(plane.url("n1"), plane.caCertificate(), token)
        .write(folder.resolve("kubeconfig"));
  }

  private ApiClient client(Path kubeconfig, int longestAnswer) {
    return client(kubeconfig, longestAnswer, new SimpleMeterRegistry());
  }

  private ApiClient client(Path kubeconfig, int longestAnswer, SimpleMeterRegistry metrics) {
    try (var cluster =
        Clusters.connect(new ClusterSettings(Optional.of(kubeconfig), Optional.empty(), TIMEOUT))) {
      return new ApiClient(
          vertx,
          cluster.getConfiguration(),
          new ApiClient.Settings(TIMEOUT, 2, 8, longestAnswer),
          metrics);
    }
  }

  @Test
  void readsATokenAnewThatIsRefused() throws Exception {
    String token = plane.token("default", "migrator");
    try (ApiClient client = client(kubeconfig(token), 1 << 20)) {
      MetadataApi api = new MetadataApi(client);
      assertThat(api.list(NAMESPACES, 10, "")).isInstanceOf(Reply.Good.class);
      plane.tokens().revoke(token);
      kubeconfig(plane.token("default", "migrator"));
      assertThat(api.list(NAMESPACES, 10, "")).isInstanceOf(Reply.Good.class);
    }
  }

  @Test
  void saysWhichRequestHadNoAnswer() throws Exception {
    try (ApiClient client = client(kubeconfig(plane.adminToken()), 1 << 20)) {
      MetadataApi api = new MetadataApi(client);
      plane.server("n1").pause();
      assertThatThrownBy(() -> api.list(NAMESPACES, 10, ""))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("GET /api/v1/namespaces?limit=10");
      plane.server("n1").resume();
      plane.stop("n1");
      assertThatThrownBy(() -> api.list(NAMESPACES, 10, "")).isInstanceOf(IOException.class);
      plane.start("n1");
      assertThat(api.list(NAMESPACES, 10, "")).isInstanceOf(Reply.Good.class);
    }
  }

  @Test
  void takesInNoMoreOfAnAnswerThanAllowed() {
    try (ApiClient client = client(kubeconfig(plane.adminToken()), 100)) {
      MetadataApi api = new MetadataApi(client);
      assertThatThrownBy(() -> api.list(NAMESPACES, 10, "")).isInstanceOf(AnswerTooLong.class);
    }
  }

  @Test
  void aCustomResourceThatKnowsNoStrategicPatchIsMergedFromThenOn() throws Exception {
    ResourcePaths nodes = new ResourcePaths("/apis/vaultkms.io/v1alpha1", "encryptionnodes");
    SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    try (ApiClient client = client(kubeconfig(plane.adminToken()), 1 << 20, metrics);
        KubernetesClient admin = admin()) {
      GenericKubernetesResource node = new GenericKubernetesResource();
      node.setApiVersion("vaultkms.io/v1alpha1");
      node.setKind("EncryptionNode");
      node.setMetadata(new ObjectMetaBuilder().withName("n1").build());
      ObjectMeta made = admin.resource(node).create().getMetadata();
      Meta meta = new Meta("", "n1", made.getUid(), made.getResourceVersion());
      MetadataApi api = new MetadataApi(client);
      assertThat(api.rewrite(nodes, meta)).isEqualTo(new Reply.Good<>(meta));
      assertThat(api.rewrite(nodes, meta)).isEqualTo(new Reply.Good<>(meta));
      assertThat(patches(metrics, "415")).isEqualTo(1);
      assertThat(patches(metrics, "200")).isEqualTo(2);
    }
  }

  private static long patches(SimpleMeterRegistry metrics, String code) {
    return metrics
        .get("vaultkms.migrator.api.requests")
        .tags("verb", "patch", "code", code)
        .timer()
        .count();
  }

  private KubernetesClient admin() {
    return new KubernetesClientBuilder()
        .withConfig(
            Config.fromKubeconfig(
                new Kubeconfig(plane.url("n1"), plane.caCertificate(), plane.adminToken()).text()))
        .build();
  }

  @Test
  void findsWhereAResourceIsServed() throws Exception {
    try (ApiClient client = client(kubeconfig(plane.adminToken()), 1 << 20)) {
      MetadataApi api = new MetadataApi(client);
      assertThat(api.find("secrets"))
          .isEqualTo(new Reply.Good<>(new ResourcePaths("/api/v1", "secrets")));
      assertThat(api.find("encryptionnodes.vaultkms.io"))
          .isEqualTo(
              new Reply.Good<>(new ResourcePaths("/apis/vaultkms.io/v1alpha1", "encryptionnodes")));
      assertThat(api.find("routes.route.openshift.io"))
          .isInstanceOfSatisfying(
              Reply.Bad.class, bad -> assertThat(((Failure) bad.failure()).notFound()).isTrue());
    }
  }
}
