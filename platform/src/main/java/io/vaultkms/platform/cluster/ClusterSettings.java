package io.vaultkms.platform.cluster;

import io.vaultkms.platform.env.Variables;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How to reach a cluster.
 *
 * @param kubeconfig the file; empty means the service account that the pod runs as, or
 *     ~/.kube/config
 * @param context a context of that file; empty means its current one
 * @param requestTimeout how long one request may take
 */
public record ClusterSettings(
    Optional<Path> kubeconfig, Optional<String> context, Duration requestTimeout) {

  public static ClusterSettings read(Variables variables) {
    return new ClusterSettings(
        variables.optionalFile(
            "KUBECONFIG", "kubeconfig file; without it the pod's service account is used"),
        variables.optional("KUBE_CONTEXT", "context of the kubeconfig; its current one if not set"),
        variables.duration(
            "KUBE_REQUEST_TIMEOUT", Duration.ofSeconds(15), "longest time of one API request"));
  }
}
