package io.vaultkms.health;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.vaultkms.model.status.StatusReport;
import io.vaultkms.platform.cluster.Contract;
import io.vaultkms.platform.json.Json;
import java.util.Map;
import java.util.Optional;

/**
 * The {@code EncryptionStatus} object of one component, which is this service's alone: it is
 * applied server-side under its own field manager, and taken back from whoever edits it. Blocks.
 */
final class StatusObject {
  private static final PatchContext APPLY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager("vaultkms-health-monitor")
          .withForce(true)
          .build();

  private final KubernetesClient client;
  private final String component;

  StatusObject(KubernetesClient client, String component) {
    this.client = client;
    this.component = component;
  }

  /** What people are told now; empty when there is no object or it says nothing yet. */
  Optional<StatusReport> read() {
    GenericKubernetesResource object =
        client.genericKubernetesResources(Contract.ENCRYPTION_STATUSES).withName(component).get();
    return Optional.ofNullable(object)
        .map(found -> found.<Object>get("status"))
        .map(status -> Json.MAPPER.convertValue(status, StatusReport.class));
  }

  /** Makes the object say this, and makes the object if need be. */
  void write(StatusReport report, boolean exists) {
    if (!exists) {
      resource(object().build()).patch(APPLY);
    }
    @SuppressWarnings("unchecked")
    Map<String, Object> status = Json.MAPPER.convertValue(report, Map.class);
    GenericKubernetesResource object = object().addToAdditionalProperties("status", status).build();
    resource(object).subresource("status").patch(APPLY);
  }

  private Resource<GenericKubernetesResource> resource(GenericKubernetesResource object) {
    return client.genericKubernetesResources(Contract.ENCRYPTION_STATUSES).resource(object);
  }

  private GenericKubernetesResourceBuilder object() {
    return new GenericKubernetesResourceBuilder()
        .withApiVersion(
            Contract.ENCRYPTION_STATUSES.getGroup()
                + "/"
                + Contract.ENCRYPTION_STATUSES.getVersion())
        .withKind(Contract.ENCRYPTION_STATUSES.getKind())
        .withNewMetadata()
        .withName(component)
        .endMetadata();
  }
}
