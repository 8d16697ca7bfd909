package io.vaultkms.lab.kubeapi;

import io.vaultkms.lab.tls.CertificateAuthority;
import io.vaultkms.lab.world.FreePorts;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The kube-apiserver of one node, on a port that it keeps when it starts again. */
final class KubeApiServer implements AutoCloseable {
  /** How long a request may run; a migrator waits this long after a rollout. */
  static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(15);

  private static final String IDENTITY =
      """
      {"apiVersion":"apiserver.config.k8s.io/v1","kind":"EncryptionConfiguration","resources":[
      {"resources":["secrets","configmaps"],"providers":[{"identity":{}}]}]}
      """;

  private final String node;
  private final int port;
  private final Path log;
  private final List<String> command;
  private @Nullable TetheredProcess process;

  private KubeApiServer(String node, int port, Path log, List<String> command) {
    this.node = node;
    this.port = port;
    this.log = log;
    this.command = command;
  }

  /** Writes the files of a node's API server; it does not run yet. */
  static KubeApiServer prepare(
      Path program,
      Path folder,
      String node,
      Path encryptionConfig,
      URI etcd,
      ClusterSecrets secrets,
      CertificateAuthority authority) {
    int port = FreePorts.next();
    CertificateAuthority.Issued issued = authority.issue("localhost", "127.0.0.1", node);
    Path own = folder.resolve(node);
    Path certificate = PrivateFile.write(own.resolve("serving.crt"), issued.certPem());
    Path key = PrivateFile.write(own.resolve("serving.key"), issued.keyPem());
    if (Files.notExists(encryptionConfig)) {
      PrivateFile.write(encryptionConfig, IDENTITY);
    }
    List<String> command =
        List.of(
            program.toString(),
            "--etcd-servers=" + etcd,
            "--bind-address=127.0.0.1",
            "--advertise-address=127.0.0.1",
            "--secure-port=" + port,
            "--tls-cert-file=" + certificate,
            "--tls-private-key-file=" + key,
            "--cert-dir=" + own,
            "--authorization-mode=RBAC",
            "--token-auth-file=" + secrets.tokens(),
            "--service-account-issuer=https://kubernetes.default.svc",
            "--service-account-signing-key-file=" + secrets.signingKey(),
            "--service-account-key-file=" + secrets.verifyingKey(),
            "--requestheader-client-ca-file=" + secrets.frontProxy().ca(),
            "--requestheader-allowed-names=" + ClusterSecrets.FRONT_PROXY,
            "--requestheader-username-headers=X-Remote-User",
            "--requestheader-group-headers=X-Remote-Group",
            "--requestheader-extra-headers-prefix=X-Remote-Extra-",
            "--proxy-client-cert-file=" + secrets.frontProxy().certificate(),
            "--proxy-client-key-file=" + secrets.frontProxy().key(),
            "--service-cluster-ip-range=10.0.0.0/24",
            "--endpoint-reconciler-type=none",
            "--request-timeout=" + REQUEST_TIMEOUT.toSeconds() + "s",
            "--encryption-provider-config=" + encryptionConfig,
            "--encryption-provider-config-automatic-reload=true");
    return new KubeApiServer(node, port, folder.resolve(node + ".log"), command);
  }

  URI url() {
    return URI.create("https://127.0.0.1:" + port);
  }

  /** Starts it and returns at once; nothing happens if it runs. */
  synchronized void start() {
    if (process == null || !process.running()) {
      process = TetheredProcess.start(command, log);
    }
  }

  /** Returns when the question, put to the one that runs, is answered. */
  void await(Readiness.Question question) {
    TetheredProcess started;
    synchronized (this) {
      started = process;
    }
    if (started == null) {
      throw new IllegalStateException("the API server of " + node + " does not run");
    }
    Readiness.await("the API server of " + node, started, question);
  }

  /** Kills it. */
  @Override
  public synchronized void close() {
    if (process != null) {
      process.close();
      process = null;
    }
  }
}
