package io.vaultkms.lab.kubeapi;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where the programs of a Kubernetes control plane are: a folder with {@code kube-apiserver} and
 * {@code etcd}, as Kubernetes' own test environments have one.
 */
public record KubeAssets(Path kubeApiServer, Path etcd) {
  /** The environment variable that names the folder. */
  public static final String VARIABLE = "KUBEBUILDER_ASSETS";

  private static final String API_SERVER_NAME = "kube-apiserver";
  private static final String ETCD_NAME = "etcd";

  /**
   * What the caller or else the environment names; empty when neither names a folder.
   *
   * @param named goes before {@link #VARIABLE}
   * @throws IllegalArgumentException with one sentence if the folder lacks one of the programs
   */
  public static Optional<KubeAssets> find(Map<String, String> environment, Optional<Path> named) {
    if (named.isPresent()) {
      return Optional.of(in(named.get(), "--kube-assets"));
    }
    String variable = environment.getOrDefault(VARIABLE, "");
    return variable.isEmpty() ? Optional.empty() : Optional.of(in(Path.of(variable), VARIABLE));
  }

  private static KubeAssets in(Path folder, String source) {
    List<String> missing =
        List.of(API_SERVER_NAME, ETCD_NAME).stream()
            .filter(name -> !isProgram(folder.resolve(name)))
            .toList();
    if (!missing.isEmpty()) {
      throw new IllegalArgumentException(
          "%s '%s' must be a folder with the programs kube-apiserver and etcd; it has no %s"
              .formatted(source, folder, String.join(" and no ", missing)));
    }
    Path absolute = folder.toAbsolutePath().normalize();
    return new KubeAssets(absolute.resolve(API_SERVER_NAME), absolute.resolve(ETCD_NAME));
  }

  private static boolean isProgram(Path file) {
    return Files.isRegularFile(file) && Files.isExecutable(file);
  }
}
