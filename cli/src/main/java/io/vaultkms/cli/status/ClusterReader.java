package io.vaultkms.cli.status;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.vaultkms.cli.command.CommandFailed;
import io.vaultkms.model.node.NodeReport;
import io.vaultkms.model.status.StatusReport;
import io.vaultkms.platform.cluster.Contract;
import io.vaultkms.platform.cluster.Observer;
import io.vaultkms.platform.json.Json;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads the objects that the services keep for people. Blocks. */
final class ClusterReader {
  private final KubernetesClient client;

  ClusterReader(KubernetesClient client) {
    this.client = client;
  }

  ClusterPicture read() {
    SortedMap<String, StatusReport> components = new TreeMap<>();
    for (GenericKubernetesResource object : list(Contract.ENCRYPTION_STATUSES)) {
      Object status = object.get("status");
      if (status != null) {
        components.put(
            object.getMetadata().getName(), Json.MAPPER.convertValue(status, StatusReport.class));
      }
    }
    SortedMap<String, NodeReport> nodes = new TreeMap<>();
    for (GenericKubernetesResource object : list(Contract.ENCRYPTION_NODES)) {
      Observer.report(object)
          .ifPresent(report -> nodes.put(object.getMetadata().getName(), report));
    }
    return new ClusterPicture(components, nodes);
  }

  private List<GenericKubernetesResource> list(ResourceDefinitionContext kind) {
    try {
      return client.genericKubernetesResources(kind).list().getItems();
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        throw new CommandFailed(
            "The cluster at %s does not know the kind %s: its CustomResourceDefinition is missing"
                .formatted(client.getMasterUrl(), kind.getKind()));
      }
      throw e;
    }
  }
}
