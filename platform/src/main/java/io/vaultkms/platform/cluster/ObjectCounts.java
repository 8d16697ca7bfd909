package io.vaultkms.platform.cluster;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * How many objects of a resource are stored: one request of one object's metadata for each, so that
 * it costs the same however many there are. Blocks.
 */
public final class ObjectCounts {
  private final MetadataReader metadata;

  public ObjectCounts(KubernetesClient client) {
    this.metadata = new MetadataReader(client);
  }

  /**
   * The number of objects of each resource; a resource that the cluster does not serve is left out.
   *
   * @param resources names with their group, such as {@code routes.route.openshift.io}
   * @throws IOException when the cluster did not answer, or not with what was asked for
   */
  public SortedMap<String, Long> of(SortedSet<String> resources)
      throws IOException, InterruptedException {
    SortedMap<String, Long> counts = new TreeMap<>();
    for (String resource : resources) {
      Optional<String> path = path(resource);
      Optional<Long> count = path.isEmpty() ? Optional.empty() : metadata.count(path.get());
      count.ifPresent(found -> counts.put(resource, found));
    }
    return counts;
  }

  private Optional<String> path(String resource) throws IOException, InterruptedException {
    int dot = resource.indexOf('.');
    if (dot < 0) {
      return Optional.of("/api/v1/" + resource);
    }
    String group = "/apis/" + resource.substring(dot + 1);
    return metadata
        .discovery(group)
        .map(found -> found.at("/preferredVersion/version").asText())
        .filter(version -> !version.isEmpty())
        .map(version -> group + "/" + version + "/" + resource.substring(0, dot));
  }
}
