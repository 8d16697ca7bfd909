package io.vaultkms.platform.component;

import io.fabric8.kubernetes.api.model.APIResourceList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.vaultkms.platform.env.Variables;
import java.util.List;
import java.util.Optional;

/** Which components to look after. */
public sealed interface Components {
  /** These, whatever the cluster is. */
  record Listed(List<ComponentSettings> all) implements Components {
    public Listed {
      all = List.copyOf(all);
    }
  }

  /** OpenShift's where the cluster is one, and kube-apiserver alone elsewhere. */
  record Detected() implements Components {}

  /** Reads the variable {@code COMPONENTS}. */
  static Components read(Variables variables) {
    return variables.parsed(
        "COMPONENTS",
        "auto",
        new Detected(),
        ComponentsText::parse,
        "auto, openshift, kubernetes, or name=resource,…[@namespace/deployment];…");
  }

  /** Those that need no cluster to be known; empty when the cluster has to be asked. */
  default Optional<List<ComponentSettings>> known() {
    return switch (this) {
      case Listed listed -> Optional.of(listed.all());
      case Detected _ -> Optional.empty();
    };
  }

  /**
   * Those of a cluster. An OpenShift cluster is told by its {@code ClusterVersion} API: {@code
   * APIServer} alone says nothing, since other clusters are given that one for this pipeline.
   *
   * @throws io.fabric8.kubernetes.client.KubernetesClientException when the cluster does not answer
   */
  default List<ComponentSettings> of(KubernetesClient cluster) {
    return known()
        .orElseGet(
            () ->
                isOpenShift(cluster)
                    ? ComponentSettings.OPENSHIFT
                    : List.of(ComponentSettings.KUBE_APISERVER));
  }

  private static boolean isOpenShift(KubernetesClient cluster) {
    APIResourceList resources = cluster.getApiResources("config.openshift.io/v1");
    return resources != null
        && resources.getResources().stream()
            .anyMatch(resource -> resource.getName().equals("clusterversions"));
  }
}
