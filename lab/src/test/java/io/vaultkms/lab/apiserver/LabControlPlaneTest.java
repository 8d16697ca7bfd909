package io.vaultkms.lab.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.vaultkms.lab.apiserver.resource.ApiException.FieldError;
import io.vaultkms.lab.cluster.ClusterHttp;
import io.vaultkms.lab.cluster.ClusterHttp.Answer;
import io.vaultkms.lab.cluster.Kubeconfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What only the stand-in can: faults on purpose, rules by the test; and the load balancer. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LabControlPlaneTest {
  private static final String SECRETS = "/api/v1/namespaces/default/secrets";

  private LabControlPlane cluster;
  private ClusterHttp http;

  @BeforeAll
  void start(@TempDir Path directory) {
    cluster =
        LabClusters.start(
            directory,
            server ->
                server
                    .withAdmission(
                        (type, object) ->
                            object.at("/spec/bad").asBoolean()
                                ? List.of(FieldError.invalid("spec.bad", "true", "must be false"))
                                : List.of())
                    .withAuthorizer(
                        request ->
                            !request.user().name().endsWith(":reader")
                                || request.verb().equals("get")));
    http = client(cluster.url("n1"));
    soon().until(() -> http.get("/readyz").code() == 200);
  }

  @AfterEach
  void heal() {
    cluster.server("n1").faults().clear();
  }

  @AfterAll
  void stop() {
    http.close();
    cluster.close();
  }

  private ClusterHttp client(URI server) {
    return new ClusterHttp(server, cluster.caCertificate(), cluster.adminToken());
  }

  private static ConditionFactory soon() {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptions();
  }

  private Answer create(String name) {
    return http.post(SECRETS, ClusterHttp.secret(name, Map.of("a", "1")));
  }

  @Test
  void asksToWaitWhenToldTo() {
    cluster.server("n1").faults().tooManyRequests(r -> r.verb().equals("create"), 7, 1);

    Answer refused = create("busy");

    assertThat(refused.code()).isEqualTo(429);
    assertThat(refused.headers().firstValue("Retry-After")).hasValue("7");
    assertThat(create("busy").code()).isEqualTo(201);
  }

  @Test
  void failsWhenToldTo() {
    cluster.server("n1").faults().serverError(r -> r.resource().equals("secrets"), 2);

    assertThat(http.get(SECRETS).code()).isEqualTo(500);
    assertThat(http.get(SECRETS).code()).isEqualTo(500);
    assertThat(http.get(SECRETS).code()).isEqualTo(200);
  }

  @Test
  void saysWhatHasBeenStoredBeforeTheWriterHearsOfIt() {
    List<Integer> seen = new CopyOnWriteArrayList<>();
    String path = SECRETS + "/told";
    cluster
        .server("n1")
        .faults()
        .afterStore(
            request -> request.name().equals("told") && !request.verb().equals("get"),
            request -> seen.add(http.get(path).code()));
    create("told");
    assertThat(seen).as("a create is told without its name").isEmpty();

    String same = "{\"data\":{\"a\":\"MQ==\"}}";
    assertThat(http.patch(path, ClusterHttp.MERGE, same).code()).isEqualTo(200);
    assertThat(seen).as("nothing has changed").isEmpty();
    assertThat(http.patch(path, ClusterHttp.MERGE, same.replace("MQ", "Mg")).code()).isEqualTo(200);
    assertThat(seen).containsExactly(200);
    assertThat(http.delete(path, "").code()).isEqualTo(200);
    assertThat(seen).containsExactly(200, 404);
  }

  @Test
  void tellsTheProvidersOfAConfigurationThatComesIntoForce() throws IOException {
    List<Map<String, List<String>>> told = new CopyOnWriteArrayList<>();
    cluster.server("n2").onProviders(told::add);
    Path file = cluster.encryptionConfig("n2");
    Path next = file.resolveSibling(".next");

    Files.writeString(
        next,
        """
        {"apiVersion":"apiserver.config.k8s.io/v1","kind":"EncryptionConfiguration","resources":[
        {"resources":["secrets"],"providers":[{"identity":{}},
        {"aescbc":{"keys":[{"name":"7","secret":"AAAAAAAAAAAAAAAAAAAAAA=="}]}}]}]}
        """);
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);

    soon()
        .until(
            () ->
                told.equals(
                    List.of(Map.of("secrets", List.of("identity", "k8s:enc:aescbc:v1:7")))));
  }

  @Test
  void isSlowWhenToldTo() {
    cluster.server("n1").faults().delay(r -> r.name().equals("slow"), Duration.ofMillis(300));
    long start = System.nanoTime();

    http.get(SECRETS + "/slow");

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(299));
  }

  /** What was encrypted before a change of keys may be stored after it. */
  @Test
  void storesALateCreateUnderTheOldProvider() throws Exception {
    var hold = cluster.server("n1").faults().hold(r -> r.name().isEmpty());
    var late = CompletableFuture.supplyAsync(() -> create("late"));
    assertThat(hold.awaitHeld(Duration.ofSeconds(20))).isTrue();
    encryptWith("k1");
    create("punctual");
    String listed = http.get(SECRETS).resourceVersion();

    hold.release();
    Answer made = late.get(20, TimeUnit.SECONDS);

    assertThat(made.code()).isEqualTo(201);
    assertThat(Long.parseLong(made.resourceVersion())).isGreaterThan(Long.parseLong(listed));
    assertThat(cluster.census().get("secrets")).containsKey("identity");
    assertThat(cluster.census().get("secrets")).containsEntry("k8s:enc:aesgcm:v1:k1", 1L);
  }

  private void encryptWith(String key) throws IOException {
    String configuration =
        "{\"apiVersion\":\"apiserver.config.k8s.io/v1\",\"kind\":\"EncryptionConfiguration\","
            + "\"resources\":[{\"resources\":[\"secrets\"],\"providers\":[{\"aesgcm\":{\"keys\":["
            + "{\"name\":\"%s\",\"secret\":\"c2VjcmV0IGlzIHNlY3VyZQ==\"}]}},{\"identity\":{}}]}]}";
    for (String node : cluster.nodes()) {
      Path file = cluster.encryptionConfig(node);
      Path next = Files.writeString(file.resolveSibling("next"), configuration.formatted(key));
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }
    soon().until(() -> http.get("/metrics").text().contains("status=\"success\""));
  }

  @Test
  void refusesWhatBreaksARuleWithFieldAndReason() {
    Answer refused =
        http.post(
            "/apis/config.openshift.io/v1/apiservers",
            "{\"apiVersion\":\"config.openshift.io/v1\",\"kind\":\"APIServer\","
                + "\"metadata\":{\"name\":\"cluster\"},\"spec\":{\"bad\":true}}");

    assertThat(refused.code()).isEqualTo(422);
    assertThat(refused.json().path("message").asText())
        .isEqualTo(
            "APIServer.config.openshift.io \"cluster\" is invalid: spec.bad: Invalid value:"
                + " \"true\": must be false");
    assertThat(refused.json().at("/details/causes/0/field").asText()).isEqualTo("spec.bad");
  }

  @Test
  void letsAServiceAccountDoOnlyWhatItMay() {
    String token = cluster.token("default", "reader");
    try (var reader = new ClusterHttp(cluster.url("n1"), cluster.caCertificate(), token)) {
      assertThat(reader.get("/api/v1/namespaces/default").code()).isEqualTo(200);
      Answer refused = reader.get(SECRETS);
      assertThat(refused.code()).isEqualTo(403);
      assertThat(refused.json().path("message").asText())
          .isEqualTo(
              "User \"system:serviceaccount:default:reader\" cannot list resource \"secrets\" in"
                  + " API group \"\" in the namespace \"default\"");
    }
  }

  @Test
  void answersAgainAfterAPause() throws Exception {
    LabApiServer server = cluster.server("n1");
    server.pause();
    var waiting = CompletableFuture.supplyAsync(() -> http.get("/livez"));
    assertThat(server.ready()).isFalse();

    server.resume();

    assertThat(waiting.get(20, TimeUnit.SECONDS).text()).isEqualTo("ok");
  }

  @Test
  void servesClientsThroughTheLoadBalancerWhenOneApiServerIsGone() {
    URI before = cluster.url("n2");
    var kubeconfig =
        new Kubeconfig(cluster.url(), cluster.caCertificate(), cluster.adminToken()).text();
    try (KubernetesClient client =
        new KubernetesClientBuilder().withConfig(Config.fromKubeconfig(kubeconfig)).build()) {
      soon().until(() -> client.namespaces().withName("default").get() != null);

      cluster.stop("n2");
      for (int i = 0; i < 5; i++) {
        soon().until(() -> client.namespaces().withName("default").get() != null);
      }
      cluster.start("n2");
    }
    assertThat(cluster.url("n2")).isEqualTo(before);
    try (var second = client(before)) {
      soon().until(() -> second.get("/readyz").code() == 200);
    }
  }

  @Test
  void writesAKubeconfigForItsOwnerAlone(@TempDir Path folder) throws IOException {
    var kubeconfig = new Kubeconfig(cluster.url(), cluster.caCertificate(), "t0ken");

    Path file = kubeconfig.write(folder.resolve("deep/config"));

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(Files.readString(file)).contains("token: t0ken");
    assertThat(kubeconfig.toString()).doesNotContain("t0ken");
  }
}
