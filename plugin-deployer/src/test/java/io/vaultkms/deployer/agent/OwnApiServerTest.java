package io.vaultkms.deployer.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The metrics of an API server, of which there may be more than the agent has memory. */
class OwnApiServerTest {
  private static final String HASH = "sha256:" + "0a".repeat(32);
  private static final String INFO = "apiserver_encryption_config_controller_last_config_info";
  private static final String LINE =
      INFO + "{apiserver_id_hash=\"sha256:1\",hash=\"" + HASH + "\"} 1\n";
  private static final byte[] OTHERS =
      "apiserver_request_total{code=\"200\",verb=\"GET\"} 1\n".repeat(20_000).getBytes(UTF_8);

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch ended = new CountDownLatch(1);
  private HttpServer server;
  private KubernetesClient client;
  private int code = 200;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.start();
    client =
        new KubernetesClientBuilder()
            .withConfig(
                new ConfigBuilder()
                    .withMasterUrl("http://127.0.0.1:" + server.getAddress().getPort())
                    .withRequestRetryBackoffLimit(0)
                    .withRequestTimeout(2_000)
                    .build())
            .build();
  }

  @AfterEach
  void stop() {
    client.close();
    server.stop(0);
    threads.shutdownNow();
  }

  /** What the server writes. */
  @FunctionalInterface
  private interface Metrics {
    void write(OutputStream out) throws IOException;
  }

  @Test
  void findsTheHashBehindManyOtherLines() {
    serve(
        out -> {
          write(out, OTHERS, 200);
          out.write(LINE.getBytes(UTF_8));
        });

    assertThat(new OwnApiServer(client).appliedHash()).contains(HASH);
  }

  @Test
  @Timeout(30)
  void readsNoFurtherThanThat() {
    serve(
        out -> {
          out.write(LINE.getBytes(UTF_8));
          write(out, OTHERS, Integer.MAX_VALUE);
        });

    assertThat(new OwnApiServer(client).appliedHash()).contains(HASH);
    await().atMost(Duration.ofSeconds(20)).until(() -> ended.getCount() == 0);
  }

  @Test
  @Timeout(30)
  void waitsForTheLineNoLongerThanItsLimit() {
    serve(out -> write(out, OTHERS, Integer.MAX_VALUE));

    assertThat(new OwnApiServer(client).appliedHash()).isEmpty();
    await().atMost(Duration.ofSeconds(20)).until(() -> ended.getCount() == 0);
  }

  @Test
  void passesOverALineThatIsTooLongAndTakesTheLastOneWithoutItsEnd() {
    serve(
        out -> {
          out.write((INFO + "{").getBytes(UTF_8));
          write(out, "x".repeat(100_000).getBytes(UTF_8), 50);
          out.write("\n".getBytes(UTF_8));
          out.write(LINE.strip().getBytes(UTF_8));
        });

    assertThat(new OwnApiServer(client).appliedHash()).contains(HASH);
  }

  @Test
  void knowsNothingWhereTheLineIsMissingOrItMayNotAsk() {
    serve(out -> out.write((INFO + "{hash=\"" + HASH + "\"} 0\n").getBytes(UTF_8)));
    assertThat(new OwnApiServer(client).appliedHash()).isEmpty();

    code = 403;
    assertThat(new OwnApiServer(client).appliedHash()).isEmpty();
  }

  @Test
  void knowsNothingOfOneThatIsAway() {
    server.stop(0);

    assertThat(new OwnApiServer(client).appliedHash()).isEmpty();
  }

  private void serve(Metrics metrics) {
    server.createContext(
        "/metrics",
        exchange -> {
          exchange.sendResponseHeaders(code, 0);
          try (OutputStream out = exchange.getResponseBody()) {
            metrics.write(out);
          } finally {
            ended.countDown();
          }
        });
  }

  private static void write(OutputStream out, byte[] bytes, int times) throws IOException {
    for (int i = 0; i < times; i++) {
      out.write(bytes);
    }
  }
}
