package io.vaultkms.cli.command;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.vaultkms.platform.cluster.ClusterSettings;
import io.vaultkms.platform.cluster.Clusters;
import io.vaultkms.platform.env.Variables;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How to reach the cluster's API. */
public final class KubernetesOptions {
  static final String KUBECONFIG = "--kubeconfig";
  static final String KUBECONFIG_VARIABLE = "KUBECONFIG";
  static final String CONTEXT = "--context";
  static final String CONTEXT_VARIABLE = "KUBE_CONTEXT";

  @Option(
      names = KUBECONFIG,
      paramLabel = "FILE",
      description = "kubeconfig file ($" + KUBECONFIG_VARIABLE + "; ~/.kube/config)")
  private @Nullable String kubeconfig;

  @Option(
      names = CONTEXT,
      paramLabel = "NAME",
      description = "context of that file ($" + CONTEXT_VARIABLE + "; its current one)")
  private @Nullable String context;

  /**
   * A client of the cluster, which is not asked anything yet.
   *
   * @throws io.vaultkms.platform.env.BadConfiguration when the file cannot be used
   */
  public KubernetesClient connect() {
    Map<String, String> values = new HashMap<>();
    if (kubeconfig != null) {
      values.put(KUBECONFIG_VARIABLE, kubeconfig);
    }
    if (context != null) {
      values.put(CONTEXT_VARIABLE, context);
    }
    Variables variables = new Variables(values);
    ClusterSettings settings = ClusterSettings.read(variables);
    variables.check();
    return Clusters.connect(settings);
  }
}
