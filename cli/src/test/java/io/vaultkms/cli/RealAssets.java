package io.vaultkms.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vaultkms.lab.kubeapi.KubeAssets;
import java.util.Optional;

/** The programs of a real control plane, for the tests that need one. */
public final class RealAssets {
  private RealAssets() {}

  /** Those that the environment names; where it names none the test is left out. */
  public static KubeAssets find() {
    Optional<KubeAssets> assets = KubeAssets.find(System.getenv(), Optional.empty());
    assumeTrue(
        assets.isPresent(),
        "left out; to run it: KUBEBUILDER_ASSETS=<folder with kube-apiserver and etcd>"
            + " ./mvnw verify");
    return assets.orElseThrow();
  }
}
