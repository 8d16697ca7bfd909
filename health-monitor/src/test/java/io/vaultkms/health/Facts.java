package io.vaultkms.health;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.vaultkms.model.bundle.Bundle;
import io.vaultkms.model.config.KmsProvider;
import io.vaultkms.model.config.Mode;
import io.vaultkms.model.decision.Component;
import io.vaultkms.model.key.EncryptionKey.Migrated;
import io.vaultkms.model.node.NodeReport;
import io.vaultkms.model.node.NodeReport.PluginHealth;
import io.vaultkms.model.node.NodeReport.PluginReport;
import io.vaultkms.platform.cluster.BundleSummary;
import io.vaultkms.platform.cluster.Contract;
import io.vaultkms.platform.cluster.KeyAnnotations;
import io.vaultkms.platform.json.Json;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Writes on the cluster what deployer, migrator and node agents would have written. */
record Facts(KubernetesClient admin) {
  private static final String COMPONENT = Component.KUBE_APISERVER.name();
  private static final Set<String> RESOURCES = Component.KUBE_APISERVER.resources();

  void migratedKey(KmsProvider kms, String hash) {
    Map<String, String> annotations = new HashMap<>();
    annotations.put(Contract.MODE, "KMS");
    annotations.put(Contract.KMS_CONFIG, Json.write(kms));
    annotations.put(Contract.HANDSHAKE, hash);
    annotations.putAll(
        KeyAnnotations.write(
            new Migrated(
                new TreeSet<>(RESOURCES), Optional.of(Instant.now()), Optional.of("remote-1"))));
    secret(Contract.keySecret(COMPONENT, 1), annotations);
  }

  void bundle(long revision, String hash) {
    Bundle bundle =
        Bundle.EMPTY
            .withReadKey(RESOURCES, 1, new Bundle.KeyContent(Mode.KMS, Optional.of(hash)))
            .withWriteKey(RESOURCES, 1);
    secret(
        Contract.bundleSecret(COMPONENT),
        Map.of(
            Contract.REVISION,
            Long.toString(revision),
            Contract.BUNDLE,
            BundleSummary.write(bundle)));
  }

  private void secret(String name, Map<String, String> annotations) {
    admin
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withNamespace(Contract.MANAGED_NAMESPACE)
                .withName(name)
                .addToLabels(Contract.COMPONENT_LABEL, COMPONENT)
                .withAnnotations(annotations)
                .endMetadata()
                .build())
        .create();
  }

  void node(String name, long revision, PluginHealth health) {
    Instant now = Instant.now();
    PluginReport plugin =
        new PluginReport(
            1,
            health,
            health == PluginHealth.HEALTHY ? "remote-1" : null,
            now,
            now,
            health == PluginHealth.HEALTHY ? "" : "does not answer");
    NodeReport report =
        new NodeReport(
            COMPONENT, revision, revision, now, null, true, List.of(plugin), null, now, "");
    @SuppressWarnings("unchecked")
    Map<String, Object> status = Json.MAPPER.convertValue(report, Map.class);
    PatchContext apply =
        new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager("test")
            .withForce(true)
            .build();
    admin
        .genericKubernetesResources(Contract.ENCRYPTION_NODES)
        .resource(object(name).build())
        .patch(apply);
    admin
        .genericKubernetesResources(Contract.ENCRYPTION_NODES)
        .resource(object(name).addToAdditionalProperties("status", status).build())
        .subresource("status")
        .patch(apply);
  }

  void removeNode(String name) {
    admin.nodes().withName(name).delete();
    admin.genericKubernetesResources(Contract.ENCRYPTION_NODES).withName(name).delete();
  }

  private static GenericKubernetesResourceBuilder object(String name) {
    return new GenericKubernetesResourceBuilder()
        .withApiVersion("vaultkms.io/v1alpha1")
        .withKind("EncryptionNode")
        .withNewMetadata()
        .withName(name)
        .endMetadata();
  }

  GenericKubernetesResource statusObject() {
    return admin.genericKubernetesResources(Contract.ENCRYPTION_STATUSES).withName(COMPONENT).get();
  }
}
