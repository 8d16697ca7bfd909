package io.vaultkms.lab.apiserver;

import io.vaultkms.lab.apiserver.store.EtcdStore;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * How a control plane of stand-ins is to run.
 *
 * @param nodes the names of the nodes, each with one API server
 * @param encryptionConfig the EncryptionConfiguration file of a node; written with identity alone
 *     at start if it does not exist
 * @param tls where certificates come from
 * @param history how many changes the store remembers
 * @param server changes to each API server's own options
 */
public record LabControlPlaneOptions(
    List<String> nodes,
    Function<String, Path> encryptionConfig,
    LabTls tls,
    int history,
    UnaryOperator<LabApiServerOptions> server) {

  public LabControlPlaneOptions(
      List<String> nodes, Function<String, Path> encryptionConfig, LabTls tls) {
    this(nodes, encryptionConfig, tls, EtcdStore.DEFAULT_HISTORY, UnaryOperator.identity());
  }

  public LabControlPlaneOptions {
    nodes = List.copyOf(nodes);
  }

  public LabControlPlaneOptions withHistory(int history) {
    return new LabControlPlaneOptions(nodes, encryptionConfig, tls, history, server);
  }

  public LabControlPlaneOptions withServer(UnaryOperator<LabApiServerOptions> server) {
    return new LabControlPlaneOptions(nodes, encryptionConfig, tls, history, server);
  }
}
