package io.vaultkms.deployer.rollout;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.Optional;

/** A Deployment of API servers as an operator makes it, and what is put beside them. */
public final class SampleDeployment {
  private SampleDeployment() {}

  /** Makes it, and its namespace. */
  public static void make(KubernetesClient client, String namespace, String name) {
    client
        .resource(
            new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build())
        .create();
    client
        .resource(
            new DeploymentBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .withReplicas(2)
                .withNewSelector()
                .addToMatchLabels("app", "x")
                .endSelector()
                .withNewTemplate()
                .withNewMetadata()
                .addToLabels("app", "x")
                .endMetadata()
                .withNewSpec()
                .withServiceAccountName("its-own")
                .addNewContainer()
                .withName("apiserver")
                .withImage("registry.example.com/apiserver:1")
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build())
        .create();
  }

  /** The reporter of the standard pace. */
  public static SidecarSettings sidecars() {
    return new SidecarSettings(
        Optional.of("registry.example.com/vaultkms:1"),
        "https://localhost:8443",
        Duration.ofSeconds(2),
        Duration.ofSeconds(30));
  }
}
