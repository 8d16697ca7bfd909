package io.vaultkms.lab.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.vaultkms.lab.apiserver.resource.ResourceType;
import io.vaultkms.lab.apiserver.resource.ResourceTypes;
import io.vaultkms.lab.cluster.Kubeconfig;
import io.vaultkms.platform.component.ComponentSettings;
import io.vaultkms.platform.component.Components;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which components a cluster is found to have. */
class ComponentsOfClusterTest {
  private static final ResourceType CLUSTER_VERSIONS =
      ResourceType.custom(
          "config.openshift.io", "v1", "clusterversions", "ClusterVersion", false, true);

  @Test
  void anApiServerObjectAloneMakesNoOpenShift(@TempDir Path folder) {
    assertThat(components(folder, ResourceTypes.LAB)).containsExactly("kube-apiserver");
  }

  @Test
  void aClusterVersionDoes(@TempDir Path folder) {
    assertThat(components(folder, ResourceTypes.LAB.with(CLUSTER_VERSIONS)))
        .containsExactly("kube-apiserver", "openshift-apiserver", "oauth-apiserver");
  }

  private static List<String> components(Path folder, ResourceTypes types) {
    try (LabControlPlane cluster = LabClusters.start(folder, server -> server.withTypes(types));
        KubernetesClient client = client(cluster)) {
      return new Components.Detected().of(client).stream().map(ComponentSettings::name).toList();
    }
  }

  private static KubernetesClient client(LabControlPlane cluster) {
    Kubeconfig config =
        new Kubeconfig(cluster.url(), cluster.caCertificate(), cluster.adminToken());
    return new KubernetesClientBuilder().withConfig(Config.fromKubeconfig(config.text())).build();
  }
}
