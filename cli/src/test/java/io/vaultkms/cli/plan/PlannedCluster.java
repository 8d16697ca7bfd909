package io.vaultkms.cli.plan;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.vaultkms.lab.apiserver.LabApiServer;
import io.vaultkms.lab.apiserver.LabApiServerOptions;
import io.vaultkms.lab.apiserver.Tokens;
import io.vaultkms.lab.apiserver.User;
import io.vaultkms.lab.apiserver.store.EtcdStore;
import io.vaultkms.lab.cluster.Kubeconfig;
import io.vaultkms.model.bundle.Bundle;
import io.vaultkms.model.config.EncryptionSpec;
import io.vaultkms.model.config.Mode;
import io.vaultkms.model.decision.Component;
import io.vaultkms.model.decision.Wanted;
import io.vaultkms.model.key.EncryptionKey.Migrated;
import io.vaultkms.model.node.NodeReport;
import io.vaultkms.model.status.StatusReport;
import io.vaultkms.platform.cluster.BundleSummary;
import io.vaultkms.platform.cluster.ClusterSettings;
import io.vaultkms.platform.cluster.Clusters;
import io.vaultkms.platform.cluster.Contract;
import io.vaultkms.platform.cluster.KeyAnnotations;
import io.vaultkms.platform.cluster.WantedReader;
import io.vaultkms.platform.json.Json;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A cluster of three nodes on an API server stand-in, furnished as the services leave one. */
final class PlannedCluster implements AutoCloseable {
  private static final String COMPONENT = Component.KUBE_APISERVER.name();
  private static final List<String> NODES = List.of("node-1", "node-2", "node-3");

  private final Vertx vertx = Vertx.vertx();
  private final LabApiServer server;
  private final Path kubeconfig;
  private final KubernetesClient client;

  PlannedCluster(Path directory) {
    Tokens tokens = new Tokens();
    server = LabApiServer.start(vertx, new EtcdStore(), tokens, LabApiServerOptions.named("n1"));
    User admin = new User("admin", List.of("system:masters"));
    kubeconfig =
        new Kubeconfig(server.url(), "", tokens.issue(admin)).write(directory.resolve("config"));
    client =
        Clusters.connect(
            new ClusterSettings(Optional.of(kubeconfig), Optional.empty(), Duration.ofSeconds(10)));
    for (String name :
        List.of(Contract.CONFIG_NAMESPACE, Contract.MANAGED_NAMESPACE, "application")) {
      client
          .resource(new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build())
          .serverSideApply();
    }
    NODES.forEach(node -> converged(node, 0));
  }

  Path kubeconfig() {
    return kubeconfig;
  }

  KubernetesClient client() {
    return client;
  }

  /** The Secret that the configuration names. */
  void credentials(String secretId) {
    client
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withNamespace(Contract.CONFIG_NAMESPACE)
                .withName("vault-approle")
                .endMetadata()
                .withStringData(Map.of("role-id", "role", "secret-id", secretId))
                .build())
        .serverSideApply();
  }

  void configMaps(int count) {
    for (int i = 0; i < count; i++) {
      client
          .resource(
              new ConfigMapBuilder()
                  .withNewMetadata()
                  .withNamespace("application")
                  .withName("map-" + i)
                  .endMetadata()
                  .build())
          .create();
    }
  }

  /**
   * A key for each of these configurations, with the credentials of now. The last one writes, and
   * everything is under it; those before can be read with.
   */
  void encryptedWith(EncryptionSpec... specs) {
    Set<String> resources = Component.KUBE_APISERVER.resources();
    Bundle bundle = Bundle.EMPTY;
    for (int i = 0; i < specs.length; i++) {
      long id = i + 1;
      Bundle.KeyContent content = new Bundle.KeyContent(Mode.KMS, Optional.of(key(id, specs[i])));
      bundle = bundle.withReadKey(resources, id, content).withWriteKey(resources, id);
    }
    secret(
        Contract.bundleSecret(COMPONENT),
        Map.of(Contract.BUNDLE, BundleSummary.write(bundle), Contract.REVISION, "2"));
    NODES.forEach(node -> converged(node, 2));
  }

  /** Its handshake. */
  private String key(long id, EncryptionSpec spec) {
    var document = new WantedReader(client).readAs(1, spec);
    Wanted.Remote wanted = (Wanted.Remote) document.wanted();
    String hash = wanted.hash().orElseThrow();
    Map<String, String> annotations = new HashMap<>();
    annotations.put(Contract.MODE, wanted.mode().wire());
    annotations.put(Contract.KMS_CONFIG, Json.write(document.kms().orElseThrow()));
    annotations.put(Contract.HANDSHAKE, hash);
    annotations.putAll(
        KeyAnnotations.write(
            new Migrated(
                Component.KUBE_APISERVER.resources(),
                Optional.of(Instant.now()),
                Optional.empty())));
    secret(Contract.keySecret(COMPONENT, id), annotations);
    return hash;
  }

  /** Key 1 writes, and what is stored is not under it yet. */
  void forgetMigration() {
    client
        .secrets()
        .inNamespace(Contract.MANAGED_NAMESPACE)
        .withName(Contract.keySecret(COMPONENT, 1))
        .edit(
            secret ->
                new SecretBuilder(secret)
                    .editMetadata()
                    .removeFromAnnotations(Contract.MIGRATED_RESOURCES)
                    .removeFromAnnotations(Contract.MIGRATED_TIMESTAMP)
                    .endMetadata()
                    .build());
  }

  private void secret(String name, Map<String, String> annotations) {
    client
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withNamespace(Contract.MANAGED_NAMESPACE)
                .withName(name)
                .addToLabels(
                    name.startsWith("encryption-key")
                        ? Map.of(Contract.COMPONENT_LABEL, COMPONENT)
                        : Map.of())
                .withAnnotations(annotations)
                .endMetadata()
                .build())
        .create();
  }

  void converged(String node, long revision) {
    put(
        Contract.ENCRYPTION_NODES,
        node,
        new NodeReport(
            COMPONENT, revision, revision, null, null, true, List.of(), null, Instant.now(), ""));
  }

  void told(StatusReport status) {
    put(Contract.ENCRYPTION_STATUSES, COMPONENT, status);
  }

  private void put(ResourceDefinitionContext kind, String name, Object status) {
    var objects = client.genericKubernetesResources(kind);
    GenericKubernetesResource object = objects.withName(name).get();
    if (object == null) {
      object =
          objects
              .resource(
                  new GenericKubernetesResourceBuilder()
                      .withApiVersion(kind.getGroup() + "/" + kind.getVersion())
                      .withKind(kind.getKind())
                      .withNewMetadata()
                      .withName(name)
                      .endMetadata()
                      .build())
              .create();
    }
    object.setAdditionalProperty("status", Json.MAPPER.convertValue(status, Map.class));
    objects.resource(object).updateStatus();
  }

  /** Everything that is stored, to see that nothing has changed. */
  List<String> versions() {
    return client.secrets().inAnyNamespace().list().getItems().stream()
        .map(
            secret ->
                secret.getMetadata().getName() + " " + secret.getMetadata().getResourceVersion())
        .toList();
  }

  @Override
  public void close() {
    client.close();
    server.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
