package io.vaultkms.migrator.api;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** HTTP/1.1 without TLS, such as {@code kubectl proxy} speaks it. */
final class Http1Road implements Road {
  private static final Logger LOG = LoggerFactory.getLogger(Http1Road.class);
  private static final int CONNECT_MILLIS = 5_000;

  private final Vertx vertx;
  private final Connection connection;
  private final Duration timeout;

  /**
   * @param most how many connections there may be
   */
  Http1Road(Vertx vertx, String host, int port, int most, Duration timeout, int longestAnswer) {
    this.vertx = vertx;
    this.timeout = timeout;
    HttpClientOptions options =
        new HttpClientOptions()
            .setDefaultHost(host)
            .setDefaultPort(port)
            .setConnectTimeout(CONNECT_MILLIS)
            .setTcpKeepAlive(true)
            .setDecompressionSupported(false);
    this.connection =
        new Connection(
            options, new PoolOptions().setHttp1MaxSize(most), timeout.toMillis(), longestAnswer);
    vertx.deployVerticle(connection).toCompletionStage().toCompletableFuture().join();
  }

  @Override
  public Answer send(Call call, Optional<String> authorization)
      throws IOException, InterruptedException {
    CompletableFuture<Answer> coming = connection.send(call, authorization);
    try {
      return coming.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IOException("no answer within %d ms".formatted(timeout.toMillis()), e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException problem) {
        throw problem;
      }
      throw new IOException(e.getCause().getMessage(), e.getCause());
    } finally {
      coming.cancel(false);
    }
  }

  @Override
  public void close() {
    try {
      vertx
          .undeploy(connection.deploymentID())
          .toCompletionStage()
          .toCompletableFuture()
          .get(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.debug("a connection did not end in time: {}", e.getMessage());
    }
  }
}
