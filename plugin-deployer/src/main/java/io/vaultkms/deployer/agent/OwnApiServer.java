package io.vaultkms.deployer.agent;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** This node's own API server, asked directly. Blocks. */
final class OwnApiServer {
  private static final Pattern APPLIED =
      Pattern.compile(
          "^apiserver_encryption_config_controller_last_config_info\\{[^}]*\\bhash=\"(sha256:[0-9a-f]{64})\"[^}]*}"
              + " 1(\\.0)?$",
          Pattern.MULTILINE);

  private final KubernetesClient client;

  OwnApiServer(KubernetesClient client) {
    this.client = client;
  }

  /**
   * The hash of the file that it uses; empty when it cannot be asked, or does not say (Kubernetes
   * before 1.34).
   */
  Optional<String> appliedHash() {
    try {
      String metrics = client.raw("/metrics");
      Matcher found = APPLIED.matcher(metrics == null ? "" : metrics);
      return found.find() ? Optional.of(found.group(1)) : Optional.empty();
    } catch (KubernetesClientException e) {
      return Optional.empty();
    }
  }

  /** Whether it says that it is ready. */
  boolean ready() {
    try {
      return client.raw("/readyz") != null;
    } catch (KubernetesClientException e) {
      return false;
    }
  }
}
