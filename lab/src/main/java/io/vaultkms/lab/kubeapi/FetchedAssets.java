package io.vaultkms.lab.kubeapi;

import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import io.fabric8.kubeapitest.KubeAPITestException;
import io.fabric8.kubeapitest.binary.BinaryManager;

/**
 * Fetches the programs of a control plane from where Kubernetes' own test environments have them,
 * into fabric8's folder for them, {@code ~/.kubeapitest}. Only where somebody asked for it.
 */
public final class FetchedAssets {
  /** The newest of these that is there already is taken without asking the internet. */
  private static final String VERSIONS = "1.36.*";

  private static final String CONNECT_TIMEOUT_MILLIS = "10000";
  private static final String READ_TIMEOUT_MILLIS = "60000";

  private FetchedAssets() {}

  /**
   * Finds them or fetches them, which may take minutes.
   *
   * @throws IllegalArgumentException with one sentence when they cannot be had
   */
  public static KubeAssets fetch() {
    // The downloads go through URL connections that have no timeout of their own.
    System.setProperty("sun.net.client.defaultConnectTimeout", CONNECT_TIMEOUT_MILLIS);
    System.setProperty("sun.net.client.defaultReadTimeout", READ_TIMEOUT_MILLIS);
    BinaryManager manager =
        new BinaryManager(
            KubeAPIServerConfigBuilder.anAPIServerConfig()
                .withApiServerVersion(VERSIONS)
                .withOfflineMode(false)
                .build());
    try {
      manager.initAndDownloadIfRequired();
    } catch (KubeAPITestException e) {
      throw new IllegalArgumentException(
          "kube-apiserver %s cannot be fetched: %s; --kube-assets takes a folder that has it"
              .formatted(VERSIONS, e.getMessage()),
          e);
    }
    return new KubeAssets(
        manager.binaries().getApiServer().toPath(), manager.binaries().getEtcd().toPath());
  }
}
