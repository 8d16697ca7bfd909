package io.vaultkms.platform.cluster;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.vaultkms.platform.env.BadConfiguration;
import java.nio.file.Path;

/** Makes clients of clusters. Making one asks the cluster nothing, so it works while it is away. */
public final class Clusters {
  private Clusters() {}

  /**
   * A client with a timeout on every request and a few retries with backoff on 429, 5xx and lost
   * connections.
   *
   * @throws BadConfiguration when the kubeconfig cannot be used
   */
  public static KubernetesClient connect(ClusterSettings settings) {
    Config config =
        new ConfigBuilder(read(settings))
            .withRequestTimeout((int) settings.requestTimeout().toMillis())
            .withConnectionTimeout(5_000)
            .withRequestRetryBackoffLimit(4)
            .withRequestRetryBackoffInterval(200)
            .withWatchReconnectInterval(500)
            .withOnlyHttpWatches(true)
            .withUserAgent("vaultkms")
            .build();
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  private static Config read(ClusterSettings settings) {
    if (settings.kubeconfig().isEmpty()) {
      return Config.autoConfigure(settings.context().orElse(null));
    }
    Path file = settings.kubeconfig().get();
    try {
      return Config.fromKubeconfig(settings.context().orElse(null), file.toFile());
    } catch (RuntimeException e) {
      throw new BadConfiguration(
          "KUBECONFIG '%s' cannot be used: %s".formatted(file, e.getMessage()));
    }
  }
}
