package io.vaultkms.lab.apiserver;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vaultkms.lab.apiserver.envelope.Transformer;
import io.vaultkms.lab.apiserver.resource.ApiException;
import io.vaultkms.lab.apiserver.resource.ObjectRegistry;
import io.vaultkms.lab.apiserver.resource.Ref;
import io.vaultkms.lab.apiserver.resource.ResourceType;
import io.vaultkms.lab.apiserver.resource.WriteOptions;
import io.vaultkms.lab.apiserver.store.EtcdStore;
import io.vaultkms.lab.cluster.ControlPlane;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The control plane of stand-ins: an API server for each node, one store, a load balancer. */
public final class LabControlPlane implements ControlPlane {
  private static final Duration READY_LIMIT = Duration.ofSeconds(5);
  private static final String IDENTITY =
      """
      {"apiVersion":"apiserver.config.k8s.io/v1","kind":"EncryptionConfiguration","resources":[
      {"resources":["secrets","configmaps"],"providers":[{"identity":{}}]}]}
      """;

  /** Requests take milliseconds here; this is far beyond the longest. */
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(5);

  private final LabControlPlaneOptions options;
  private final Vertx vertx;
  private final EtcdStore store;
  private final Tokens tokens = new Tokens();
  private final String adminToken;
  private final Map<String, LabApiServer> servers = new LinkedHashMap<>();
  private final LoadBalancer balancer;
  private final LabApiServerOptions template;

  private LabControlPlane(LabControlPlaneOptions options) {
    this.options = options;
    this.vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(2)
                .setFileSystemOptions(
                    new FileSystemOptions()
                        .setFileCachingEnabled(false)
                        .setClassPathResolvingEnabled(false)));
    this.store = new EtcdStore(options.history());
    this.template = options.server().apply(LabApiServerOptions.named(""));
    this.adminToken = tokens.issue(new User("admin", List.of("system:masters")));
    StoredNamespaces.make(
        store, List.of("default", "kube-system", "kube-public", "kube-node-lease"));
    for (String node : options.nodes()) {
      servers.put(node, startServer(node));
    }
    awaitReady();
    this.balancer =
        LoadBalancer.start(
            vertx,
            () -> servers.values().stream().map(LabApiServer::url).toList(),
            options.tls().caCertificate());
  }

  /** Starts everything; the API servers listen when this returns. */
  public static LabControlPlane start(LabControlPlaneOptions options) {
    return new LabControlPlane(options);
  }

  /** So that the load balancer finds them; one whose plugins are away stays unready. */
  private void awaitReady() {
    long limit = System.nanoTime() + READY_LIMIT.toNanos();
    try {
      while (!servers.values().stream().allMatch(LabApiServer::ready)
          && System.nanoTime() < limit) {
        Thread.sleep(10);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private LabApiServer startServer(String node) {
    Path config = encryptionConfig(node);
    try {
      if (Files.notExists(config)) {
        Files.createDirectories(config.toAbsolutePath().getParent());
        Files.writeString(config, IDENTITY);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    LabApiServerOptions own = options.server().apply(LabApiServerOptions.named(node));
    return LabApiServer.start(
        vertx,
        store,
        tokens,
        own.withTls(options.tls().issuer().apply(node)).withEncryptionConfig(config));
  }

  /** One node's API server, for faults. */
  public LabApiServer server(String node) {
    LabApiServer server = servers.get(node);
    if (server == null) {
      throw new IllegalArgumentException("no node " + node + ", there are " + servers.keySet());
    }
    return server;
  }

  /** The store behind all API servers. */
  public EtcdStore store() {
    return store;
  }

  public Tokens tokens() {
    return tokens;
  }

  @Override
  public String backend() {
    return "stand-in";
  }

  @Override
  public List<String> nodes() {
    return options.nodes();
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
    return options.tls().caCertificate();
  }

  @Override
  public String adminToken() {
    return adminToken;
  }

  @Override
  public String token(String namespace, String serviceAccount) {
    ResourceType type = template.types().find("", "v1", "serviceaccounts").orElseThrow();
    ObjectNode account = JsonNodeFactory.instance.objectNode();
    account.putObject("metadata").put("name", serviceAccount);
    try {
      new ObjectRegistry(store, resource -> Transformer.PLAINTEXT, template.admission())
          .create(new Ref(type, namespace, null, null), account, WriteOptions.PLAIN);
    } catch (ApiException e) {
      if (!e.reason().equals("AlreadyExists")) {
        throw e;
      }
    }
    return tokens.issueServiceAccount(namespace, serviceAccount);
  }

  @Override
  public Path encryptionConfig(String node) {
    return options.encryptionConfig().apply(node);
  }

  @Override
  public Duration reloadPoll() {
    return template.timing().reload();
  }

  @Override
  public Duration requestTimeout() {
    return REQUEST_TIMEOUT;
  }

  @Override
  public void compact() {
    store.compact();
  }

  @Override
  public void stop(String node) {
    server(node).stop();
  }

  @Override
  public void start(String node) {
    server(node).start();
  }

  @Override
  public Map<String, Map<String, Long>> census() {
    return Census.of(store, template.types());
  }

  @Override
  public void close() {
    balancer.close();
    servers.values().forEach(LabApiServer::close);
    Blocking.await(vertx.close());
  }
}
