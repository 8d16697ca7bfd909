package io.vaultkms.migrator.api;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.internal.SSLUtils;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.vaultkms.platform.http2.Endpoint;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Requests to the API servers of one cluster, on several HTTP/2 connections in turn: a load
 * balancer spreads connections, not requests, and a connection is replaced now and then so that an
 * API server that came back gets its share again. Blocks; for virtual threads. Nothing is retried
 * here but what was refused for a token that had just expired.
 */
public final class ApiClient implements AutoCloseable {
  static final String USER_AGENT = "vaultkms-migrator";
  private static final int UNAUTHORIZED = 401;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

  private final Credentials credentials;
  private final Duration timeout;
  private final MeterRegistry metrics;
  private final Counter received;
  private final List<Road> roads;
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
    this.credentials = new Credentials(config);
    this.timeout = settings.timeout();
    this.metrics = metrics;
    this.received =
        Counter.builder("vaultkms.migrator.api.received")
            .description("Bodies of the API servers' answers, as they came")
            .baseUnit(BaseUnits.BYTES)
            .register(metrics);
    this.roads = roads(vertx, config, settings);
  }

  private static List<Road> roads(Vertx vertx, Config config, Settings settings) {
    URI url = URI.create(config.getMasterUrl());
    if (!"https".equals(url.getScheme())) {
      int port = url.getPort() > 0 ? url.getPort() : 80;
      return List.of(
          new Http1Road(
              vertx,
              host(url),
              port,
              settings.requests() + 2,
              settings.timeout(),
              settings.longestAnswer()));
    }
    Endpoint endpoint = endpoint(url, config, settings);
    return IntStream.range(0, settings.connections())
        .<Road>mapToObj(_ -> new Http2Road(endpoint, settings.timeout()))
        .toList();
  }

  private static Endpoint endpoint(URI url, Config config, Settings settings) {
    try {
      return new Endpoint(
          host(url),
          url.getPort() > 0 ? url.getPort() : 443,
          SSLUtils.sslContext(config),
          !config.isTrustCerts() && !config.isDisableHostnameVerification(),
          CONNECT_TIMEOUT,
          settings.longestAnswer());
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalArgumentException(
          "the certificates for %s cannot be used: %s".formatted(url, e.getMessage()), e);
    }
  }

  /** Without the brackets that an IPv6 address has in a URL. */
  private static String host(URI url) {
    String host = url.getHost();
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
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
    try {
      Answer answer = next().send(call, credentials.header());
      code = Integer.toString(answer.code());
      received.increment(answer.body().length);
      return answer;
    } catch (AnswerTooLong e) {
      throw e;
    } catch (IOException e) {
      throw new IOException(
          "%s %s failed: %s".formatted(call.method(), call.uri(), e.getMessage()), e);
    } finally {
      timer(call.verb(), code).record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
    }
  }

  private Road next() {
    return roads.get(Math.floorMod(turn.getAndIncrement(), roads.size()));
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
    roads.forEach(Road::close);
  }
}
