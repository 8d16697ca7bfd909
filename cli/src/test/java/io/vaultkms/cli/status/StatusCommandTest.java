package io.vaultkms.cli.status;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.vaultkms.cli.CommandRun;
import io.vaultkms.lab.apiserver.LabApiServer;
import io.vaultkms.lab.apiserver.LabApiServerOptions;
import io.vaultkms.lab.apiserver.Tokens;
import io.vaultkms.lab.apiserver.User;
import io.vaultkms.lab.apiserver.store.EtcdStore;
import io.vaultkms.lab.cluster.Kubeconfig;
import io.vaultkms.platform.cluster.ClusterSettings;
import io.vaultkms.platform.cluster.Clusters;
import io.vaultkms.platform.cluster.Contract;
import io.vaultkms.platform.json.Json;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command on an API server stand-in. */
class StatusCommandTest {
  private static final Vertx VERTX = Vertx.vertx();
  private static LabApiServer server;
  private static Path kubeconfig;

  @BeforeAll
  static void start(@TempDir Path directory) {
    Tokens tokens = new Tokens();
    server = LabApiServer.start(VERTX, new EtcdStore(), tokens, LabApiServerOptions.named("n1"));
    kubeconfig =
        new Kubeconfig(server.url(), "", tokens.issue(new User("admin", List.of("system:masters"))))
            .write(directory.resolve("kubeconfig"));
  }

  @AfterAll
  static void stop() {
    server.close();
    VERTX.close().toCompletionStage().toCompletableFuture().join();
  }

  private static CommandRun status(String... more) {
    String[] arguments = new String[more.length + 1];
    arguments[0] = "status";
    System.arraycopy(more, 0, arguments, 1, more.length);
    return CommandRun.with(Map.of("KUBECONFIG", kubeconfig.toString()), "", arguments);
  }

  private static void put(
      KubernetesClient client, ResourceDefinitionContext kind, String name, Object status) {
    GenericKubernetesResource object =
        new GenericKubernetesResourceBuilder()
            .withApiVersion(kind.getGroup() + "/" + kind.getVersion())
            .withKind(kind.getKind())
            .withNewMetadata()
            .withName(name)
            .endMetadata()
            .build();
    GenericKubernetesResource created =
        client.genericKubernetesResources(kind).resource(object).create();
    created.setAdditionalProperty("status", Json.MAPPER.convertValue(status, Map.class));
    client.genericKubernetesResources(kind).resource(created).updateStatus();
  }

  @Test
  void showsWhatTheClusterSaysOfItself() {
    CommandRun before = status();
    assertThat(before.exit()).as(before.err()).isEqualTo(3);
    assertThat(before.out()).startsWith("Nothing is reported yet");

    try (KubernetesClient client =
        Clusters.connect(
            new ClusterSettings(
                Optional.of(kubeconfig), Optional.empty(), Duration.ofSeconds(10)))) {
      put(client, Contract.ENCRYPTION_STATUSES, Pictures.COMPONENT, Pictures.status("Migrating"));
      put(client, Contract.ENCRYPTION_NODES, "n1", Pictures.healthyNode());
    }
    CommandRun after = status();
    assertThat(after.err()).isEmpty();
    assertThat(after.out())
        .startsWith("kube-apiserver: Migrating, needs attention\n")
        .contains("remote-2")
        .contains("silent");
    assertThat(after.exit()).isEqualTo(4);

    CommandRun json = status("--json");
    JsonNode document = Json.read(json.out(), JsonNode.class);
    assertThat(document.path("verdict").asText()).isEqualTo("needs attention");
    assertThat(document.at("/components/kube-apiserver/phase").asText()).isEqualTo("Migrating");
    assertThat(document.at("/nodes/n1/plugins/0/remoteKeyID").asText()).isEqualTo("remote-2");
  }

  @Test
  void aClusterThatIsNotThereIsOneSentenceAndExit1(@TempDir Path directory) {
    Path nowhere =
        new Kubeconfig(java.net.URI.create("http://127.0.0.1:1"), "", "x")
            .write(directory.resolve("nowhere"));
    CommandRun run = status("--kubeconfig", nowhere.toString());
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("The cluster refuses or does not answer: ").hasLineCount(1);
  }
}
