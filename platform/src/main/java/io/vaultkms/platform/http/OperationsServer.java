package io.vaultkms.platform.http;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.concurrent.TimeUnit;

/** Serves {@code /livez}, {@code /readyz} and {@code /metrics}, and nothing else. */
public final class OperationsServer implements AutoCloseable {
  private static final String PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8";
  private static final String PLAIN_TEXT = "text/plain; charset=utf-8";

  private final Health health;
  private final PrometheusMeterRegistry registry;
  private final HttpServer server;

  private OperationsServer(Vertx vertx, Health health, PrometheusMeterRegistry registry) {
    this.health = health;
    this.registry = registry;
    this.server =
        vertx
            .createHttpServer(new HttpServerOptions().setIdleTimeout(60))
            .requestHandler(request -> Thread.startVirtualThread(() -> answer(request)));
  }

  /**
   * Listens before it returns.
   *
   * @param port 0 takes a free one
   * @throws IllegalStateException when nobody can listen there
   */
  public static OperationsServer start(
      Vertx vertx, String host, int port, Health health, PrometheusMeterRegistry registry) {
    OperationsServer operations = new OperationsServer(vertx, health, registry);
    try {
      operations
          .server
          .listen(port, host)
          .toCompletionStage()
          .toCompletableFuture()
          .get(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(
          "HTTP_PORT '%d' on %s cannot be listened on: %s".formatted(port, host, e.getMessage()),
          e);
    }
    return operations;
  }

  /** The port it listens on. */
  public int port() {
    return server.actualPort();
  }

  private void answer(HttpServerRequest request) {
    switch (request.path()) {
      case "/livez" -> answer(request, health.liveness());
      case "/readyz" -> answer(request, health.readiness());
      case "/metrics" ->
          request
              .response()
              .putHeader("content-type", PROMETHEUS_TEXT)
              .end(registry.scrape(PROMETHEUS_TEXT));
      default ->
          request
              .response()
              .setStatusCode(404)
              .putHeader("content-type", PLAIN_TEXT)
              .end("There are /livez, /readyz and /metrics here.\n");
    }
  }

  private static void answer(HttpServerRequest request, Health.Answer answer) {
    HttpServerResponse response = request.response();
    response
        .setStatusCode(answer.good() ? 200 : 503)
        .putHeader("content-type", PLAIN_TEXT)
        .end(answer.text());
  }

  @Override
  public void close() {
    server.close();
  }
}
