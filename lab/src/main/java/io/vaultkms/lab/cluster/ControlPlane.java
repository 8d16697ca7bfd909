package io.vaultkms.lab.cluster;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A Kubernetes control plane on this machine: one API server on each node, over one store. Methods
 * may block for seconds and may be called from any thread but an event loop.
 */
public interface ControlPlane extends AutoCloseable {
  /** {@code stand-in} or {@code kube-apiserver}. */
  String backend();

  /** The names of the nodes, in order; each runs one API server. */
  List<String> nodes();

  /** The URL of one node's own API server. */
  URI url(String node);

  /** The URL of a load balancer over the API servers that are ready. */
  URI url();

  /** The certificate (PEM) that all these URLs are to be trusted by. */
  String caCertificate();

  /** The bearer token of an administrator who may do everything. */
  String adminToken();

  /** A bearer token of a service account, which is made if it does not exist. */
  String token(String namespace, String serviceAccount);

  /** The EncryptionConfiguration file of one node's API server. Replace it by rename. */
  Path encryptionConfig(String node);

  /** How long an API server may take to look at its EncryptionConfiguration file again. */
  Duration reloadPoll();

  /** How long a request may run before an API server ends it, watches apart. */
  Duration requestTimeout();

  /**
   * Makes the store forget its past, as etcd does every few minutes: every revision up to now is
   * too old for a {@code continue} or a watch. An API server may remember more until it is started
   * again.
   */
  void compact();

  /** Ends one node's API server as a crash would; nothing happens if it is not running. */
  void stop(String node);

  /** Starts one node's API server again, on the same port; returns before it is ready. */
  void start(String node);

  /**
   * Counts the stored values of each resource (named as in an EncryptionConfiguration, {@code
   * secrets}) by the prefix they are stored under: {@code identity} for plaintext, or for instance
   * {@code k8s:enc:kms:v2:1_secrets}. Read from the store itself; of secrets and configmaps at
   * least.
   */
  Map<String, Map<String, Long>> census();

  @Override
  void close();
}
