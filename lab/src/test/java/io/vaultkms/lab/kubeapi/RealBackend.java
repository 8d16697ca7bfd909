package io.vaultkms.lab.kubeapi;

import io.vaultkms.lab.cluster.ControlPlane;
import io.vaultkms.lab.tls.CertificateAuthority;
import io.vaultkms.lab.world.World.ControlPlaneSite;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The real control plane, which all tests of one run share because it takes its time to start; and
 * the condition that leaves them out where there are no programs to start.
 */
final class RealBackend implements ExecutionCondition {
  private static final String SKIPPED =
      "the contract on a real kube-apiserver is left out; to run it:"
          + " KUBEBUILDER_ASSETS=<folder with kube-apiserver and etcd> ./mvnw verify";

  private static boolean told;
  private static ControlPlane shared;

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    if (assets().isPresent()) {
      return ConditionEvaluationResult.enabled("there is a kube-apiserver");
    }
    tell();
    return ConditionEvaluationResult.disabled(SKIPPED);
  }

  private static synchronized void tell() {
    if (!told) {
      told = true;
      System.err.println("Skipped: " + SKIPPED);
    }
  }

  private static Optional<KubeAssets> assets() {
    return KubeAssets.find(System.getenv(), Optional.empty());
  }

  /** Two nodes; ended with this JVM. */
  static synchronized ControlPlane shared() {
    if (shared == null) {
      Path folder = newFolder();
      ControlPlane started =
          KubeControlPlane.start(
              assets().orElseThrow(),
              new ControlPlaneSite(
                  folder,
                  List.of("n1", "n2"),
                  node -> folder.resolve(node).resolve("encryption.json"),
                  CertificateAuthority.create("test")));
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    started.close();
                    remove(folder);
                  }));
      shared = started;
    }
    return shared;
  }

  private static Path newFolder() {
    try {
      return Files.createTempDirectory("vk");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void remove(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      System.err.println(folder + " could not be removed: " + e.getMessage());
    }
  }
}
