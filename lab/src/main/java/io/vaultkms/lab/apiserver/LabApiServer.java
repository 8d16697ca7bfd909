package io.vaultkms.lab.apiserver;

import io.vaultkms.lab.apiserver.envelope.Encryption;
import io.vaultkms.lab.apiserver.resource.Json;
import io.vaultkms.lab.apiserver.resource.ObjectRegistry;
import io.vaultkms.lab.apiserver.store.EtcdStore;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One API server over a store that it shares with others. Can be stopped as a crash would, started
 * again on its port, and paused. Its methods block; call them from any thread but an event loop.
 */
public final class LabApiServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LabApiServer.class);
  private static final String HOST = "127.0.0.1";

  private final Vertx vertx;
  private final EtcdStore store;
  private final Tokens tokens;
  private final LabApiServerOptions options;
  private final Faults faults = new Faults();
  private final Gate gate = new Gate();
  private final List<Consumer<Map<String, List<String>>>> providerListeners =
      new CopyOnWriteArrayList<>();
  private volatile int port;
  private volatile @Nullable Running running;

  private LabApiServer(Vertx vertx, EtcdStore store, Tokens tokens, LabApiServerOptions options) {
    this.vertx = vertx;
    this.store = store;
    this.tokens = tokens;
    this.options = options;
    this.port = options.port();
  }

  /** What lives from a start to a stop. */
  private record Running(
      HttpServer http, Encryption encryption, RequestHandler handler, Set<Thread> requests) {}

  /** Starts an API server; it listens when this returns, and may not be ready yet. */
  public static LabApiServer start(
      Vertx vertx, EtcdStore store, Tokens tokens, LabApiServerOptions options) {
    LabApiServer server = new LabApiServer(vertx, store, tokens, options);
    server.start();
    return server;
  }

  public String name() {
    return options.name();
  }

  public URI url() {
    return URI.create((options.tls() == null ? "http://" : "https://") + HOST + ":" + port);
  }

  public Faults faults() {
    return faults;
  }

  /**
   * Has somebody told of each encryption configuration that comes into force from now on, on a
   * thread of the server, before the metrics show it.
   *
   * @param listener is given for each resource what its providers store under, as a census has it,
   *     the one that writes first
   */
  public void onProviders(Consumer<Map<String, List<String>>> listener) {
    providerListeners.add(listener);
  }

  private void tellProviders(Map<String, List<String>> providers) {
    providerListeners.forEach(listener -> listener.accept(providers));
  }

  /** True if it runs, is not paused, and its KMS plugins are healthy. */
  public boolean ready() {
    Running current = running;
    return current != null && !gate.closed() && current.encryption().healthy();
  }

  /** Starts it again after a stop; nothing happens if it runs. */
  public synchronized void start() {
    if (running != null) {
      return;
    }
    ServerMetrics metrics = new ServerMetrics(options.name());
    Encryption encryption =
        Encryption.follow(
            options.encryptionConfig(), options.timing(), metrics, this::tellProviders);
    ObjectRegistry registry =
        new ObjectRegistry(store, encryption::transformer, options.admission());
    RequestHandler handler =
        new RequestHandler(
            tokens,
            options.authorizer(),
            options.types(),
            options.aggregation(),
            new RestApi(registry),
            encryption,
            metrics,
            faults);
    HttpServer http = vertx.createHttpServer(httpOptions());
    Running started = new Running(http, encryption, handler, ConcurrentHashMap.newKeySet());
    http.requestHandler(request -> accept(started, request));
    Blocking.await(http.listen(port, HOST));
    port = http.actualPort();
    running = started;
    LOG.info("API server {} listens on {}", options.name(), url());
  }

  private HttpServerOptions httpOptions() {
    HttpServerOptions http =
        new HttpServerOptions()
            .setHttp2RstFloodMaxRstFramePerWindow(100_000)
            .setMaxInitialLineLength(16 * 1024)
            .setMaxHeaderSize(64 * 1024);
    TlsPem tls = options.tls();
    if (tls != null) {
      http.setSsl(true)
          .setUseAlpn(true)
          .setKeyCertOptions(
              new PemKeyCertOptions()
                  .addCertValue(Buffer.buffer(tls.certificates()))
                  .addKeyValue(Buffer.buffer(tls.key())));
      if (tls.frontProxyCa() != null) {
        http.setClientAuth(ClientAuth.REQUEST)
            .setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(tls.frontProxyCa())));
      }
    }
    return http;
  }

  /** Runs on the event loop; the work is done on a virtual thread for each request. */
  private void accept(Running server, HttpServerRequest request) {
    var query = request.params();
    if ("websocket".equalsIgnoreCase(request.getHeader("Upgrade"))) {
      // Nothing more may be read before the upgrade.
      request.pause();
      begin(server, request, query, new byte[0]);
      return;
    }
    request.body().onSuccess(body -> begin(server, request, query, body.getBytes()));
  }

  private void begin(Running server, HttpServerRequest request, MultiMap query, byte[] body) {
    ApiRequest read =
        new ApiRequest(
            request.method().name(),
            request.path(),
            query,
            request.headers(),
            body,
            isFrontProxy(request));
    Thread worker = Thread.ofVirtual().unstarted(() -> work(server, request, read));
    HttpServerResponse response = request.response();
    response.exceptionHandler(gone -> worker.interrupt());
    response.closeHandler(gone -> worker.interrupt());
    server.requests().add(worker);
    worker.start();
  }

  /** Of a client's certificate nothing is asked but that the front proxy's CA has issued it. */
  private boolean isFrontProxy(HttpServerRequest request) {
    if (options.tls() == null || options.tls().frontProxyCa() == null) {
      return false;
    }
    try {
      return !request.connection().peerCertificates().isEmpty();
    } catch (SSLPeerUnverifiedException e) {
      return false;
    }
  }

  private void work(Running server, HttpServerRequest request, ApiRequest read) {
    try {
      gate.pass();
      answer(request, server.handler().handle(read));
    } catch (InterruptedException e) {
      // The client or the server is gone.
    } finally {
      server.requests().remove(Thread.currentThread());
    }
  }

  private void answer(HttpServerRequest request, Reply reply) throws InterruptedException {
    HttpServerResponse response = request.response();
    if (response.closed()) {
      return;
    }
    switch (reply) {
      case Reply.Text text -> {
        response.setStatusCode(text.code()).putHeader("Content-Type", "text/plain; charset=utf-8");
        response.end(text.body());
      }
      case Reply.Json json -> {
        response.setStatusCode(json.code()).putHeader("Content-Type", "application/json");
        var retry = json.body().path("details").path("retryAfterSeconds");
        if (json.code() >= 400 && retry.isInt()) {
          response.putHeader("Retry-After", retry.asText());
        }
        response.end(Buffer.buffer(Json.write(json.body())));
        if (!request.isEnded()) {
          request.resume();
        }
      }
      case Reply.Watch watch -> new WatchStream(watch, sink(request), options.bookmarks()).run();
    }
  }

  private static WatchSink sink(HttpServerRequest request) {
    if (!"websocket".equalsIgnoreCase(request.getHeader("Upgrade"))) {
      HttpServerResponse response = request.response();
      response.setChunked(true).putHeader("Content-Type", "application/json");
      response.writeHead();
      return WatchSink.lines(response);
    }
    Thread worker = Thread.currentThread();
    ServerWebSocket socket = Blocking.await(request.toWebSocket());
    socket.closeHandler(gone -> worker.interrupt());
    socket.exceptionHandler(gone -> worker.interrupt());
    return WatchSink.messages(socket);
  }

  /** Takes requests and answers none until {@link #resume}, as a hung process would. */
  public void pause() {
    gate.close();
  }

  public void resume() {
    gate.open();
  }

  /** Ends it as a crash would: connections are cut, nothing is waited for. */
  public synchronized void stop() {
    Running stopped = running;
    if (stopped == null) {
      return;
    }
    running = null;
    Blocking.await(stopped.http().close());
    end(stopped.requests());
    stopped.encryption().close();
    LOG.info("API server {} stopped", options.name());
  }

  /** A crash ends what is being done: nothing may be stored for a server that is gone. */
  private static void end(Set<Thread> requests) {
    requests.forEach(Thread::interrupt);
    try {
      for (Thread request : requests) {
        request.join(Duration.ofSeconds(5));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    stop();
  }
}
