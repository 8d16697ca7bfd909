package io.vaultkms.cli.command;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Gives options the value of their environment variable, the one that the services read too. */
public final class EnvironmentDefaults implements IDefaultValueProvider {
  private static final Map<String, String> VARIABLES =
      Map.of(
          LogOptions.BOOTSTRAP_SERVERS, LogOptions.BOOTSTRAP_SERVERS_VARIABLE,
          LogOptions.KAFKA_PROPERTIES, LogOptions.KAFKA_PROPERTIES_VARIABLE,
          ClusterIdOptions.CLUSTER, ClusterIdOptions.CLUSTER_VARIABLE,
          KubernetesOptions.KUBECONFIG, KubernetesOptions.KUBECONFIG_VARIABLE,
          KubernetesOptions.CONTEXT, KubernetesOptions.CONTEXT_VARIABLE,
          ComponentOptions.COMPONENTS, ComponentOptions.COMPONENTS_VARIABLE);

  private final Map<String, String> environment;

  public EnvironmentDefaults(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public @Nullable String defaultValue(ArgSpec argument) {
    if (!(argument instanceof OptionSpec option)) {
      return null;
    }
    String variable = VARIABLES.get(option.longestName());
    String value = variable == null ? null : environment.get(variable);
    return value == null || value.isBlank() ? null : value.strip();
  }

  /** A complaint about a variable, said of the option that stands for it. */
  static String inWordsOfOptions(String complaint) {
    String said = complaint;
    for (Map.Entry<String, String> entry : VARIABLES.entrySet()) {
      said = said.replaceAll("(?m)^" + entry.getValue() + "(?= ')", entry.getKey());
    }
    return said;
  }
}
