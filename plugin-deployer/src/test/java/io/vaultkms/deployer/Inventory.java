package io.vaultkms.deployer;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.vaultkms.model.decision.Component;
import io.vaultkms.model.key.EncryptionKey.Migrated;
import io.vaultkms.platform.cluster.Contract;
import io.vaultkms.platform.cluster.KeyAnnotations;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What people keep in a cluster, and the rewriting of it, which is the migrator's elsewhere. */
final class Inventory {
  private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);
  private static final int EACH = 15;

  private final KubernetesClient cluster;

  private Inventory(KubernetesClient cluster) {
    this.cluster = cluster;
  }

  static Inventory fill(KubernetesClient cluster) {
    IntStream.range(0, EACH)
        .forEach(
            n -> {
              cluster
                  .resource(
                      new SecretBuilder()
                          .withNewMetadata()
                          .withNamespace("default")
                          .withName("kept-" + n)
                          .endMetadata()
                          .addToStringData("value", "secret " + n)
                          .build())
                  .create();
              cluster
                  .resource(
                      new ConfigMapBuilder()
                          .withNewMetadata()
                          .withNamespace("default")
                          .withName("kept-" + n)
                          .endMetadata()
                          .addToData("value", "text " + n)
                          .build())
                  .create();
            });
    return new Inventory(cluster);
  }

  /** All that is kept, by kind and name. */
  Map<String, Map<String, String>> read() {
    Map<String, Map<String, String>> kept = new TreeMap<>();
    cluster
        .secrets()
        .inNamespace("default")
        .list()
        .getItems()
        .forEach(each -> kept.put("Secret " + each.getMetadata().getName(), each.getData()));
    cluster
        .configMaps()
        .inNamespace("default")
        .list()
        .getItems()
        .forEach(each -> kept.put("ConfigMap " + each.getMetadata().getName(), each.getData()));
    return kept;
  }

  /** Rewrites every object with the newest write key, and notes that on the key's Secret. */
  void migrateTo(Secret key) {
    Stream<HasMetadata> all =
        Stream.concat(
            cluster.secrets().inAnyNamespace().list().getItems().stream(),
            cluster.configMaps().inAnyNamespace().list().getItems().stream());
    // What is gone by now needs no rewriting.
    all.forEach(each -> Optional.ofNullable(cluster.resource(each).get()).ifPresent(this::rewrite));
    Map<String, String> migrated =
        KeyAnnotations.write(
            new Migrated(
                Component.KUBE_APISERVER.resources(),
                Optional.of(Instant.now()),
                Optional.empty()));
    cluster
        .secrets()
        .inNamespace(Contract.MANAGED_NAMESPACE)
        .withName(key.getMetadata().getName())
        .edit(
            secret ->
                new SecretBuilder(secret)
                    .editMetadata()
                    .addToAnnotations(migrated)
                    .endMetadata()
                    .build());
  }

  private void rewrite(HasMetadata object) {
    cluster.resource(object).patch(MERGE, "{\"metadata\":{}}");
  }

  static List<String> names(Map<String, Map<String, Long>> census) {
    return census.values().stream().flatMap(each -> each.keySet().stream()).distinct().toList();
  }
}
