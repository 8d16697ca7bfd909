package io.vaultkms.lab.deployment;

import io.vaultkms.lab.apiserver.Aggregation;
import io.vaultkms.lab.apiserver.LabApiServer;
import io.vaultkms.lab.apiserver.LabApiServerOptions;
import io.vaultkms.lab.apiserver.LabControlPlane;
import io.vaultkms.lab.apiserver.envelope.KmsTiming;
import io.vaultkms.lab.apiserver.resource.ResourceType;
import io.vaultkms.lab.apiserver.resource.ResourceTypes;
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
 * One API group that a control plane of stand-ins leaves to API servers of its own, which share its
 * store. They speak plain HTTP, on the loopback address alone. From any thread.
 */
public final class AggregatedApi implements Aggregation, AutoCloseable {
  private final ResourceType type;
  private final Vertx vertx = Vertx.vertx();
  private final Map<String, LabApiServer> servers = new ConcurrentHashMap<>();
  private volatile @Nullable LabControlPlane controlPlane;

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

  /** Says whose store and tokens the group's API servers share. */
  public void of(LabControlPlane shared) {
    controlPlane = shared;
  }

  @Override
  public Optional<List<URI>> servers(String group) {
    return group.equals(type.group())
        ? Optional.of(
            servers.values().stream().filter(LabApiServer::ready).map(LabApiServer::url).toList())
        : Optional.empty();
  }

  /**
   * Starts an API server of the group.
   *
   * @param encryptionConfig its EncryptionConfiguration; null to store plaintext
   */
  LabApiServer start(String name, @Nullable Path encryptionConfig, int port) {
    LabControlPlane shared = Objects.requireNonNull(controlPlane, "no control plane yet");
    LabApiServer server =
        LabApiServer.start(
            vertx,
            shared.store(),
            shared.tokens(),
            LabApiServerOptions.named(name)
                .withPort(port)
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
    servers.values().forEach(LabApiServer::close);
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
