package io.vaultkms.cli.bench;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.vaultkms.model.bundle.Bundle;
import io.vaultkms.model.config.Mode;
import io.vaultkms.model.decision.Component;
import io.vaultkms.model.decision.Step.Purpose;
import io.vaultkms.model.event.RevisionConverged;
import io.vaultkms.platform.cluster.BundleSummary;
import io.vaultkms.platform.cluster.Contract;
import io.vaultkms.platform.json.Json;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the other services would have put on the cluster before the migrator is to work: the wanted
 * configuration, a key, a bundle in which it writes, and the report of the only node.
 */
final class Stage {
  private static final Component COMPONENT = Component.KUBE_APISERVER;
  private static final long KEY = 1;

  private final KubernetesClient admin;
  private long revision;
  private Instant converged = Instant.EPOCH;

  Stage(KubernetesClient admin) {
    this.admin = admin;
  }

  /** Once, before anything else. */
  void build() {
    create(object("config.openshift.io/v1", "APIServer", Contract.API_SERVER_NAME, wanted()));
    create(object("vaultkms.io/v1alpha1", "EncryptionNode", Arena.NODE, Map.of()));
    report(0);
  }

  /** The next bundle, which the node has not applied yet, for a key that nothing is migrated to. */
  void set() {
    revision++;
    report(0);
    HasMetadata key =
        new SecretBuilder()
            .withNewMetadata()
            .withNamespace(Contract.MANAGED_NAMESPACE)
            .withName(Contract.keySecret(COMPONENT.name(), KEY))
            .addToLabels(Contract.COMPONENT_LABEL, COMPONENT.name())
            .addToAnnotations(Contract.MODE, Mode.AESGCM.wire())
            .endMetadata()
            .build();
    admin.resource(key).delete();
    admin.resource(key).create();
    admin
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withNamespace(Contract.MANAGED_NAMESPACE)
                .withName(Contract.bundleSecret(COMPONENT.name()))
                .addToAnnotations(Contract.BUNDLE, BundleSummary.write(bundle()))
                .addToAnnotations(Contract.REVISION, Long.toString(revision))
                .endMetadata()
                .build())
        .createOr(existing -> existing.update());
  }

  /** The node has applied it: the migrator may begin, and is to be told so. */
  RevisionConverged open(String clusterId) {
    converged = now();
    report(revision);
    return new RevisionConverged(
        clusterId,
        COMPONENT.name(),
        converged,
        revision,
        Purpose.WRITE_KEY,
        KEY,
        List.of(Arena.NODE),
        0);
  }

  /** The node says the same again, before it counts as silent. */
  void goOn() {
    report(revision);
  }

  private static Map<String, Object> wanted() {
    return Map.of("encryption", Map.of("type", Mode.AESGCM.wire()));
  }

  private static Bundle bundle() {
    return Bundle.EMPTY
        .withReadKey(
            COMPONENT.resources(), KEY, new Bundle.KeyContent(Mode.AESGCM, Optional.empty()))
        .withWriteKey(COMPONENT.resources(), KEY);
  }

  private static GenericKubernetesResource object(
      String apiVersion, String kind, String name, Map<String, Object> spec) {
    GenericKubernetesResource object = new GenericKubernetesResource();
    object.setApiVersion(apiVersion);
    object.setKind(kind);
    object.setMetadata(new ObjectMetaBuilder().withName(name).build());
    if (!spec.isEmpty()) {
      object.setAdditionalProperty("spec", spec);
    }
    return object;
  }

  private void create(GenericKubernetesResource object) {
    admin.resource(object).create();
  }

  private void report(long convergedRevision) {
    Map<String, Object> status =
        Map.of(
            "component",
            COMPONENT.name(),
            "observedRevision",
            revision,
            "convergedRevision",
            convergedRevision,
            "convergedTime",
            converged.toString(),
            "apiServerReady",
            true,
            "reportedTime",
            now().toString());
    admin
        .genericKubernetesResources(Contract.ENCRYPTION_NODES)
        .withName(Arena.NODE)
        .subresource("status")
        .patch(PatchContext.of(PatchType.JSON_MERGE), Json.write(Map.of("status", status)));
  }

  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS);
  }
}
