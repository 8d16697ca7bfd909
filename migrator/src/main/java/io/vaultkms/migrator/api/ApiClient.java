package io.vaultkms.migrator.api;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509KeyManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests to the API servers of one cluster, on several HTTP/2 connections in turn: a load
 * balancer spreads connections, not requests, and a connection is replaced now and then so that an
 * API server that came back gets its share again. Blocks; for virtual threads. Nothing is retried
 * here but what was refused for a token that had just expired.
 */
public final class ApiClient implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ApiClient.class);
  private static final int UNAUTHORIZED = 401;
  private static final int LIFETIME_SECONDS = 120;
  private static final int WINDOW = 4 << 20;

  private final Vertx vertx;
  private final Credentials credentials;
  private final Duration timeout;
  private final MeterRegistry metrics;
  private final List<Connection> connections = new ArrayList<>();
  private final AtomicInteger turn = new AtomicInteger();
  private final ConcurrentMap<String, Timer> timers = new ConcurrentHashMap<>();

  /**
   * How requests are made.
   *
   * @param timeout the longest time of one request
   * @param connections how many are kept open
   * @param requests how many requests at once are to be expected in all
   * @param longestAnswer in bytes
   */
  public record Settings(Duration timeout, int connections, int requests, int longestAnswer) {}

  /**
   * @param config where the cluster is, whom to trust, and who this is
   * @throws IllegalArgumentException when the certificates of the configuration cannot be used
   */
  public ApiClient(Vertx vertx, Config config, Settings settings, MeterRegistry metrics) {
    this.vertx = vertx;
    this.credentials = new Credentials(config);
    this.timeout = settings.timeout();
    this.metrics = metrics;
    HttpClientOptions options = options(config);
    int each = Math.max(2, Math.ceilDiv(settings.requests(), settings.connections()) + 1);
    PoolOptions pool =
        new PoolOptions()
            .setHttp2MaxSize(1)
            .setHttp1MaxSize(each)
            .setMaxLifetime(LIFETIME_SECONDS)
            .setMaxLifetimeUnit(TimeUnit.SECONDS);
    for (int i = 0; i < settings.connections(); i++) {
      Connection connection =
          new Connection(
              new HttpClientOptions(options),
              new PoolOptions(pool),
              timeout.toMillis(),
              settings.longestAnswer());
      vertx.deployVerticle(connection).toCompletionStage().toCompletableFuture().join();
      connections.add(connection);
    }
  }

  private static HttpClientOptions options(Config config) {
    URI url = URI.create(config.getMasterUrl());
    boolean tls = "https".equals(url.getScheme());
    HttpClientOptions options =
        new HttpClientOptions()
            .setDefaultHost(url.getHost())
            .setDefaultPort(url.getPort() > 0 ? url.getPort() : tls ? 443 : 80)
            .setConnectTimeout(5_000)
            .setTcpKeepAlive(true)
            .setDecompressionSupported(false)
            .setSsl(tls);
    if (!tls) {
      return options;
    }
    options
        .setProtocolVersion(HttpVersion.HTTP_2)
        .setUseAlpn(true)
        .setAlpnVersions(List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1))
        .setHttp2ConnectionWindowSize(WINDOW)
        .setTrustAll(config.isTrustCerts())
        .setVerifyHost(!config.isTrustCerts() && !config.isDisableHostnameVerification());
    try {
      identities(config).forEach(x509 -> options.setKeyCertOptions(KeyCertOptions.wrap(x509)));
      authorities(config).forEach(manager -> options.setTrustOptions(TrustOptions.wrap(manager)));
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException(
          "the certificates for %s cannot be used: %s".formatted(url, e.getMessage()), e);
    }
    return options;
  }

  /** What this program shows; nothing where it has a token instead. */
  private static Stream<X509KeyManager> identities(Config config)
      throws GeneralSecurityException, IOException {
    KeyManager @Nullable [] managers = SSLUtils.keyManagers(config);
    return managers == null
        ? Stream.empty()
        : Stream.of(managers)
            .filter(X509KeyManager.class::isInstance)
            .map(X509KeyManager.class::cast);
  }

  /** Whom this program trusts; nothing where it trusts whom Java trusts. */
  private static Stream<TrustManager> authorities(Config config)
      throws GeneralSecurityException, IOException {
    TrustManager @Nullable [] managers = SSLUtils.trustManagers(config);
    return managers == null ? Stream.empty() : Stream.of(managers);
  }

  /**
   * @throws IOException when no answer came in time, or the connection was lost; its message names
   *     the request
   */
  Answer send(Call call) throws IOException, InterruptedException {
    Answer answer = once(call);
    if (answer.code() == UNAUTHORIZED) {
      credentials.refresh();
      answer = once(call);
    }
    return answer;
  }

  private Answer once(Call call) throws IOException, InterruptedException {
    long start = System.nanoTime();
    String code = "none";
    CompletableFuture<Answer> coming = next().send(call, credentials.header());
    try {
      Answer answer = coming.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      code = Integer.toString(answer.code());
      return answer;
    } catch (TimeoutException e) {
      throw new IOException(
          "%s %s had no answer within %d ms"
              .formatted(call.method(), call.uri(), timeout.toMillis()),
          e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof AnswerTooLong tooLong) {
        throw tooLong;
      }
      throw new IOException(
          "%s %s failed: %s".formatted(call.method(), call.uri(), e.getCause().getMessage()),
          e.getCause());
    } finally {
      coming.cancel(false);
      timer(call.verb(), code).record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
    }
  }

  private Connection next() {
    return connections.get(Math.floorMod(turn.getAndIncrement(), connections.size()));
  }

  private Timer timer(String verb, String code) {
    return timers.computeIfAbsent(
        verb + " " + code,
        _ ->
            Timer.builder("vaultkms.migrator.api.requests")
                .description("Requests to the API servers by verb and HTTP status")
                .tags("verb", verb, "code", code)
                .register(metrics));
  }

  /** Ends what is under way, and waits for it a little. */
  @Override
  public void close() {
    for (Connection connection : connections) {
      try {
        vertx
            .undeploy(connection.deploymentID())
            .toCompletionStage()
            .toCompletableFuture()
            .get(5, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (ExecutionException | TimeoutException e) {
        LOG.debug("a connection did not end in time: {}", e.getMessage());
      }
    }
  }
}
