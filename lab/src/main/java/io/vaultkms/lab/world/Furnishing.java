package io.vaultkms.lab.world;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.vaultkms.platform.cluster.Contract;
import io.vaultkms.platform.component.ComponentSettings;
import java.util.List;

/** What a cluster has in it before anybody deploys the pipeline, and what its admin writes. */
final class Furnishing {
  static final String SERVICE_NAMESPACE = "vaultkms";

  /** The agent has a namespace apart from the services, as {@code deploy/} has it. */
  static final String AGENT_NAMESPACE = "vaultkms-nodes";

  private final KubernetesClient admin;

  Furnishing(KubernetesClient admin) {
    this.admin = admin;
  }

  /** Namespaces, control-plane nodes, and the CA that Vault is to be trusted by. */
  void begin(List<String> nodes, String vaultCa) {
    for (String name :
        List.of(
            SERVICE_NAMESPACE,
            AGENT_NAMESPACE,
            Contract.CONFIG_NAMESPACE,
            Contract.MANAGED_NAMESPACE,
            ComponentSettings.KUBE_APISERVER.namespace())) {
      makeNamespace(name);
    }
    for (String node : nodes) {
      write(
          new NodeBuilder()
              .withNewMetadata()
              .withName(node)
              .addToLabels(Contract.CONTROL_PLANE_LABEL, "")
              .endMetadata()
              .build());
    }
    write(
        new ConfigMapBuilder()
            .withNewMetadata()
            .withNamespace(Contract.CONFIG_NAMESPACE)
            .withName(WantedDocument.CA_CONFIG_MAP)
            .endMetadata()
            .addToData("ca-bundle.crt", vaultCa)
            .build());
  }

  /** The AppRole Secret that the configuration names. */
  void putCredentials(String name, String roleId, String secretId) {
    write(
        new SecretBuilder()
            .withNewMetadata()
            .withNamespace(Contract.CONFIG_NAMESPACE)
            .withName(name)
            .endMetadata()
            .addToStringData("role-id", roleId)
            .addToStringData("secret-id", secretId)
            .build());
  }

  /** One that is there keeps its labels. */
  private void makeNamespace(String name) {
    if (admin.namespaces().withName(name).get() == null) {
      write(new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build());
    }
  }

  private void write(HasMetadata object) {
    admin.resource(object).createOr(existing -> existing.update());
  }
}
