package io.vaultkms.lab.deployment;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.vaultkms.lab.apiserver.Aggregation;
import io.vaultkms.lab.apiserver.Census;
import io.vaultkms.lab.apiserver.LabApiServer;
import io.vaultkms.lab.apiserver.LabApiServerOptions;
import io.vaultkms.lab.apiserver.LabControlPlane;
import io.vaultkms.lab.apiserver.LabTls;
import io.vaultkms.lab.apiserver.LoadBalancer;
import io.vaultkms.lab.apiserver.TlsPem;
import io.vaultkms.lab.apiserver.Tokens;
import io.vaultkms.lab.apiserver.envelope.KmsTiming;
import io.vaultkms.lab.apiserver.resource.ResourceType;
import io.vaultkms.lab.apiserver.resource.ResourceTypes;
import io.vaultkms.lab.apiserver.store.EtcdStore;
import io.vaultkms.lab.kubeapi.KubeControlPlane;
import io.vaultkms.lab.tls.CertificateAuthority;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One API group that a control plane leaves to API servers of its own, stand-ins on the loopback
 * address, which speak TLS. Beside a control plane of stand-ins they share its store and tokens;
 * beside a real one they have a store of their own, believe its API servers by their certificate,
 * and ask it whose a token is. From any thread.
 */
public final class AggregatedApi implements Aggregation, AutoCloseable {
  private final ResourceType type;
  private final Vertx vertx = Vertx.vertx();
  private final Map<String, LabApiServer> servers = new ConcurrentHashMap<>();
  private volatile @Nullable Ground ground;
  private @Nullable LoadBalancer front;

  /** What all API servers of the group have in common. */
  private record Ground(EtcdStore store, Tokens tokens, TlsPem tls, String caCertificate) {}

  /**
   * @param type the one kind of the group
   */
  public AggregatedApi(ResourceType type) {
    this.type = type;
  }

  /** What the control plane's own API servers are to be like. */
  public LabApiServerOptions main(LabApiServerOptions server) {
    return server.withTypes(ResourceTypes.LAB.with(type)).withAggregation(this);
  }

  /**
   * Says whose store and tokens the group's API servers share.
   *
   * @param authority gives them their certificate
   */
  public void of(LabControlPlane shared, CertificateAuthority authority) {
    ground =
        new Ground(
            shared.store(),
            shared.tokens(),
            LabTls.of(authority).issuer().apply(type.group()),
            authority.caPem());
  }

  /**
   * Has a real control plane pass the group on.
   *
   * @param namespace of the Service that leads to the group's API servers
   */
  public void behind(KubeControlPlane real, KubernetesClient admin, String namespace) {
    CertificateAuthority authority = real.authority();
    KubeAggregation aggregation = new KubeAggregation(admin, type, namespace);
    TlsPem tls = aggregation.tls(authority, real.frontProxyCa());
    ground = new Ground(aggregation.store(), aggregation.tokens(), tls, authority.caPem());
    LoadBalancer started = LoadBalancer.start(vertx, this::urls, authority.caPem());
    front = started;
    aggregation.register(started.url().getPort(), authority.caPem());
  }

  private List<URI> urls() {
    return servers.values().stream().filter(LabApiServer::ready).map(LabApiServer::url).toList();
  }

  @Override
  public Optional<List<URI>> servers(String group) {
    return group.equals(type.group()) ? Optional.of(urls()) : Optional.empty();
  }

  @Override
  public String caCertificate() {
    return ground().caCertificate();
  }

  /** How many objects of the group are stored under which prefix. */
  public Map<String, Long> stored() {
    return Census.of(ground().store(), new ResourceTypes(List.of(type)))
        .getOrDefault(type.qualified(), Map.of());
  }

  private Ground ground() {
    return Objects.requireNonNull(ground, "no control plane yet");
  }

  /** Where an API server of the group answers that has that port. */
  String url(int port) {
    return "https://127.0.0.1:" + port;
  }

  /**
   * Starts an API server of the group.
   *
   * @param encryptionConfig its EncryptionConfiguration; null to store plaintext
   */
  LabApiServer start(String name, @Nullable Path encryptionConfig, int port) {
    LabApiServer server =
        LabApiServer.start(
            vertx,
            ground().store(),
            ground().tokens(),
            LabApiServerOptions.named(name)
                .withPort(port)
                .withTls(ground().tls())
                .withTypes(new ResourceTypes(List.of(type)))
                .withTiming(KmsTiming.LAB)
                .withEncryptionConfig(encryptionConfig));
    servers.put(name, server);
    return server;
  }

  void stop(LabApiServer server) {
    servers.remove(server.name());
    server.close();
  }

  @Override
  public void close() {
    if (front != null) {
      front.close();
    }
    servers.values().forEach(LabApiServer::close);
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
