package io.vaultkms.lab.kubeapi;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.vaultkms.lab.apiserver.LoadBalancer;
import io.vaultkms.lab.cluster.ControlPlane;
import io.vaultkms.lab.cluster.Kubeconfig;
import io.vaultkms.lab.tls.CertificateAuthority;
import io.vaultkms.lab.world.World.ControlPlaneSite;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The control plane of real parts: one etcd, a kube-apiserver for each node with its own
 * certificate and EncryptionConfiguration file, RBAC, and a load balancer. What {@code deploy/}
 * puts into a cluster is in it, so that a service account may do what it may do there and nothing
 * else. No process outlives this JVM.
 */
public final class KubeControlPlane implements ControlPlane {
  /** A kube-apiserver looks at its EncryptionConfiguration file once a minute. */
  private static final Duration RELOAD_POLL = Duration.ofSeconds(60);

  /** A busy machine lets a TLS handshake and /readyz take a while. */
  private static final Duration BALANCER_CHECK = Duration.ofSeconds(3);

  private static final long TOKEN_SECONDS = 24 * 3600;

  private final ControlPlaneSite site;
  private final Vertx vertx = Vertx.vertx();
  private final ClusterSecrets secrets;
  private final Etcd etcd;
  private final Map<String, KubeApiServer> servers = new LinkedHashMap<>();
  private final KubernetesClient admin;
  private final LoadBalancer balancer;

  private KubeControlPlane(KubeAssets assets, ControlPlaneSite site, Durability durability) {
    this.site = site;
    Path folder = site.folder().resolve("control-plane");
    this.secrets = ClusterSecrets.make(folder, site.authority());
    this.etcd = Etcd.start(assets.etcd(), folder, durability);
    for (String node : site.nodes()) {
      servers.put(
          node,
          KubeApiServer.prepare(
              assets.kubeApiServer(),
              folder,
              node,
              encryptionConfig(node),
              etcd.url(),
              secrets,
              site.authority()));
    }
    this.admin = client(url(site.nodes().getFirst()));
    try {
      servers.values().forEach(KubeApiServer::start);
      servers.values().forEach(this::awaitReady);
      DeployFiles.applyTo(admin);
    } catch (RuntimeException e) {
      stopProcesses();
      throw e;
    }
    this.balancer =
        LoadBalancer.start(
            vertx,
            () -> servers.values().stream().map(KubeApiServer::url).toList(),
            caCertificate(),
            BALANCER_CHECK);
  }

  /** Starts everything; the API servers are ready when this returns. */
  public static KubeControlPlane start(KubeAssets assets, ControlPlaneSite site) {
    return start(assets, site, Durability.UNSAFE);
  }

  /** Starts everything; the API servers are ready when this returns. */
  public static KubeControlPlane start(
      KubeAssets assets, ControlPlaneSite site, Durability durability) {
    return new KubeControlPlane(assets, site, durability);
  }

  /** Who issued the API servers' certificates. */
  public CertificateAuthority authority() {
    return site.authority();
  }

  /** What an aggregated API server knows these by when they ask for somebody, PEM. */
  public String frontProxyCa() {
    return secrets.frontProxy().caPem();
  }

  /**
   * Lets the services roll out OpenShift's aggregated components, with the permissions that {@code
   * deploy/} has for them.
   */
  public void permitComponents() {
    DeployFiles.componentsTo(admin);
  }

  private Config config(URI server) {
    return Config.fromKubeconfig(new Kubeconfig(server, caCertificate(), adminToken()).text());
  }

  private KubernetesClient client(URI server) {
    return new KubernetesClientBuilder().withConfig(config(server)).build();
  }

  private void awaitReady(KubeApiServer server) {
    Config impatient =
        new ConfigBuilder(config(server.url())).withRequestRetryBackoffLimit(0).build();
    try (KubernetesClient client = new KubernetesClientBuilder().withConfig(impatient).build()) {
      server.await(() -> isReady(client));
    }
  }

  private static boolean isReady(KubernetesClient client) {
    try {
      return "ok".equals(client.raw("/readyz"));
    } catch (KubernetesClientException e) {
      return false;
    }
  }

  private KubeApiServer server(String node) {
    KubeApiServer server = servers.get(node);
    if (server == null) {
      throw new IllegalArgumentException("no node " + node + ", there are " + servers.keySet());
    }
    return server;
  }

  @Override
  public String backend() {
    return "kube-apiserver";
  }

  @Override
  public List<String> nodes() {
    return site.nodes();
  }

  @Override
  public URI url(String node) {
    return server(node).url();
  }

  @Override
  public URI url() {
    return balancer.url();
  }

  @Override
  public String caCertificate() {
    return site.authority().caPem();
  }

  @Override
  public String adminToken() {
    return secrets.adminToken();
  }

  @Override
  public String token(String namespace, String serviceAccount) {
    try (KubernetesClient client = client(url())) {
      if (client.namespaces().withName(namespace).get() == null) {
        client
            .resource(
                new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build())
            .create();
      }
      var account = client.serviceAccounts().inNamespace(namespace).withName(serviceAccount);
      if (account.get() == null) {
        client
            .resource(
                new ServiceAccountBuilder()
                    .withNewMetadata()
                    .withNamespace(namespace)
                    .withName(serviceAccount)
                    .endMetadata()
                    .build())
            .create();
      }
      return account
          .tokenRequest(
              new TokenRequestBuilder()
                  .withNewSpec()
                  .withExpirationSeconds(TOKEN_SECONDS)
                  .endSpec()
                  .build())
          .getStatus()
          .getToken();
    }
  }

  @Override
  public Path encryptionConfig(String node) {
    return site.encryptionConfig().apply(node);
  }

  @Override
  public Duration reloadPoll() {
    return RELOAD_POLL;
  }

  @Override
  public Duration requestTimeout() {
    return KubeApiServer.REQUEST_TIMEOUT;
  }

  @Override
  public void compact() {
    etcd.compact();
  }

  @Override
  public void stop(String node) {
    server(node).close();
  }

  @Override
  public void start(String node) {
    server(node).start();
  }

  @Override
  public Map<String, Map<String, Long>> census() {
    Map<String, Map<String, Long>> census = new TreeMap<>();
    for (String resource : List.of("secrets", "configmaps")) {
      Map<String, Long> counts = etcd.count(resource);
      if (!counts.isEmpty()) {
        census.put(resource, counts);
      }
    }
    return census;
  }

  @Override
  public void close() {
    balancer.close();
    stopProcesses();
  }

  private void stopProcesses() {
    admin.close();
    servers.values().forEach(KubeApiServer::close);
    etcd.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
