package io.vaultkms.lab.apiserver;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.PemTrustOptions;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A TCP proxy in front of several API servers, as a cluster has one: each connection goes to the
 * next server whose {@code /readyz} is ok. A connection that stands stays where it is.
 */
public final class LoadBalancer implements AutoCloseable {
  private static final Duration CHECK_EVERY = Duration.ofMillis(500);

  /** A server on a busy machine answers late; only one that hangs is passed over. */
  private static final Duration SHORTEST_LIMIT = Duration.ofSeconds(3);

  private static final String HOST = "127.0.0.1";

  private final Vertx vertx;
  private final Supplier<List<URI>> servers;
  private final HttpClient checks;
  private final NetClient connections;
  private final NetServer server;
  private final boolean tls;
  private final Map<URI, Boolean> ready = new ConcurrentHashMap<>();
  private final Set<URI> asked = ConcurrentHashMap.newKeySet();
  private final AtomicInteger turn = new AtomicInteger();
  private final Duration checkEvery;
  private final long timer;

  private LoadBalancer(
      Vertx vertx,
      Supplier<List<URI>> servers,
      @Nullable String caCertificate,
      Duration checkEvery) {
    this.vertx = vertx;
    this.checkEvery = checkEvery;
    this.servers = servers;
    this.tls = caCertificate != null;
    HttpClientOptions http = new HttpClientOptions().setSsl(tls);
    if (caCertificate != null) {
      http.setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(caCertificate)));
    }
    this.checks = vertx.createHttpClient(http);
    this.connections = vertx.createNetClient(new NetClientOptions().setConnectTimeout(1000));
    this.server = vertx.createNetServer().connectHandler(this::accept);
    this.timer = vertx.setPeriodic(checkEvery.toMillis(), each -> check());
  }

  /**
   * Starts to listen on a free port, when every server was asked once whether it is ready.
   *
   * @param servers the API servers at any time
   * @param caCertificate what they are trusted by (PEM), or null if they speak plain HTTP
   */
  public static LoadBalancer start(
      Vertx vertx, Supplier<List<URI>> servers, @Nullable String caCertificate) {
    return start(vertx, servers, caCertificate, CHECK_EVERY);
  }

  /**
   * The same with another pace.
   *
   * @param checkEvery how often each API server is asked whether it is ready; it has as long as
   *     that to answer, and at least 3 s
   */
  public static LoadBalancer start(
      Vertx vertx,
      Supplier<List<URI>> servers,
      @Nullable String caCertificate,
      Duration checkEvery) {
    LoadBalancer balancer = new LoadBalancer(vertx, servers, caCertificate, checkEvery);
    Blocking.await(balancer.check());
    Blocking.await(balancer.server.listen(0, HOST));
    return balancer;
  }

  public URI url() {
    return URI.create((tls ? "https://" : "http://") + HOST + ":" + server.actualPort());
  }

  private Future<?> check() {
    return Future.join(servers.get().stream().map(this::check).toList());
  }

  /** Notes whether a server is ready, one question at a time; never fails. */
  private Future<Boolean> check(URI uri) {
    if (!asked.add(uri)) {
      return Future.succeededFuture(false);
    }
    RequestOptions readyz =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setHost(uri.getHost())
            .setPort(uri.getPort())
            .setURI("/readyz")
            .setTimeout(Math.max(SHORTEST_LIMIT.toMillis(), checkEvery.toMillis()));
    return checks
        .request(readyz)
        .compose(HttpClientRequest::send)
        .compose(response -> response.end().map(response.statusCode() == 200))
        .otherwise(false)
        .onSuccess(answer -> ready.put(uri, answer))
        .onComplete(answered -> asked.remove(uri));
  }

  private void accept(NetSocket client) {
    client.pause();
    List<URI> candidates = new ArrayList<>();
    for (URI uri : servers.get()) {
      if (ready.getOrDefault(uri, false)) {
        candidates.add(uri);
      }
    }
    connect(client, candidates, turn.getAndIncrement(), candidates.size());
  }

  private void connect(NetSocket client, List<URI> candidates, int at, int left) {
    if (left == 0) {
      client.close();
      return;
    }
    URI uri = candidates.get(Math.floorMod(at, candidates.size()));
    connections
        .connect(uri.getPort(), uri.getHost())
        .onSuccess(upstream -> join(client, upstream))
        .onFailure(
            refused -> {
              ready.put(uri, false);
              connect(client, candidates, at + 1, left - 1);
            });
  }

  private static void join(NetSocket client, NetSocket upstream) {
    client.closeHandler(gone -> upstream.close());
    upstream.closeHandler(gone -> client.close());
    client.pipeTo(upstream);
    upstream.pipeTo(client);
  }

  @Override
  public void close() {
    vertx.cancelTimer(timer);
    Blocking.await(server.close());
    connections.close();
    checks.close();
  }
}
