package io.vaultkms.migrator.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vaultkms.lab.tls.CertificateAuthority;
import io.vaultkms.migrator.api.Call.PatchKind;
import io.vaultkms.platform.http2.Endpoint;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The lean HTTP/2 client against a server that somebody else has written. */
class Http2RoadTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final int LONGEST = 4 << 20;
  private static final int STREAMS = 10;

  private final Vertx vertx = Vertx.vertx();
  private final Set<HttpConnection> connections = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean passedOver = new AtomicBoolean();
  private final AtomicInteger refused = new AtomicInteger();
  private final AtomicInteger cancelled = new AtomicInteger();
  private final AtomicInteger unanswered = new AtomicInteger();
  private Http2Road road;

  @BeforeEach
  void start() throws Exception {
    CertificateAuthority authority = CertificateAuthority.create("test");
    CertificateAuthority.Issued issued = authority.issue("127.0.0.1", "localhost");
    HttpServerOptions options =
        new HttpServerOptions()
            .setSsl(true)
            .setUseAlpn(true)
            .setInitialSettings(new Http2Settings().setMaxConcurrentStreams(STREAMS))
            .setKeyCertOptions(
                new PemKeyCertOptions()
                    .setCertValue(Buffer.buffer(issued.certPem()))
                    .setKeyValue(Buffer.buffer(issued.keyPem())));
    HttpServer server =
        vertx
            .createHttpServer(options)
            .requestHandler(this::answer)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .get();
    road =
        new Http2Road(
            new Endpoint(
                "127.0.0.1",
                server.actualPort(),
                trusting(authority.caPem()),
                true,
                TIMEOUT,
                LONGEST),
            TIMEOUT);
  }

  @AfterEach
  void stop() throws Exception {
    road.close();
    vertx.close().toCompletionStage().toCompletableFuture().get();
  }

  private static SSLContext trusting(String pem) throws Exception {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    store.setCertificateEntry(
        "ca",
        CertificateFactory.getInstance("X.509")
            .generateCertificate(
                new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII))));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  private void answer(HttpServerRequest request) {
    connections.add(request.connection());
    switch (request.path()) {
      case "/long" -> request.response().end(Buffer.buffer(new byte[3 << 20]));
      case "/length" ->
          request.body().onSuccess(body -> request.response().end(body.length() + " bytes"));
      case "/leave" -> {
        request.connection().goAway(0);
        request.response().end("the last");
      }
      case "/passed-over" -> {
        if (passedOver.compareAndSet(false, true)) {
          request.connection().goAway(0, 0);
        } else {
          request.response().end("taken");
        }
      }
      case "/refused" -> {
        if (refused.getAndIncrement() < 2) {
          request.response().reset(7);
        } else {
          request.response().end("taken");
        }
      }
      case "/refused-always" -> request.response().reset(7);
      case "/lost" ->
          request
              .response()
              .setChunked(true)
              .write("the first half")
              .onComplete(_ -> request.connection().close());
      case "/reset" -> request.response().reset(2);
      case "/never" -> {
        unanswered.incrementAndGet();
        request.response().closeHandler(_ -> cancelled.incrementAndGet());
      }
      default -> request.response().setStatusCode(404).end();
    }
  }

  private Answer get(String path) throws IOException, InterruptedException {
    return road.send(Call.read("get", path, "*/*"), Optional.of("Bearer a"));
  }

  private Answer patch(byte[] body) throws IOException, InterruptedException {
    String json = new String(body, StandardCharsets.ISO_8859_1);
    return road.send(Call.patch("/length", "*/*", PatchKind.MERGE, json), Optional.empty());
  }

  private static String text(Answer answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  @Test
  void anAnswerLongerThanAnyWindowComesWholeAsOftenAsItIsAskedFor() throws Exception {
    for (int i = 0; i < 10; i++) {
      assertThat(get("/long").body()).hasSize(3 << 20);
    }
    assertThat(connections).hasSize(1);
  }

  @Test
  void moreRequestsThanTheServerAllowsWaitForTheirTurnAndItsWindow() throws Exception {
    List<Future<Answer>> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 20 * STREAMS; i++) {
        byte[] body = new byte[30_000 + i];
        answers.add(threads.submit(() -> patch(body)));
      }
    }
    for (int i = 0; i < answers.size(); i++) {
      assertThat(text(answers.get(i).get())).isEqualTo(30_000 + i + " bytes");
    }
    assertThat(connections).hasSize(1);
  }

  @Test
  void aServerThatLeavesAnswersWhatItHasTakenAndIsAskedAgainOnANewConnection() throws Exception {
    assertThat(text(get("/leave"))).isEqualTo("the last");
    await().until(() -> get("/none").code() == 404 && connections.size() == 2);
  }

  @Test
  void aRequestThatALeavingServerHasNotLookedAtIsSentAgainOnANewConnection() throws Exception {
    assertThat(text(get("/passed-over"))).isEqualTo("taken");
    assertThat(connections).hasSize(2);
  }

  @Test
  void aRequestThatTheServerRefusesUnseenIsSentAgainAFewTimes() throws Exception {
    assertThat(text(get("/refused"))).isEqualTo("taken");
    assertThatThrownBy(() -> get("/refused-always"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("the server has reset the stream, code 7");
    assertThat(connections).hasSize(1);
  }

  @Test
  void requestsThatComeWhileAServerLeavesAreAllAnswered() throws Exception {
    List<Future<Answer>> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 400; i++) {
        String path = i % 50 == 25 ? "/leave" : "/none";
        answers.add(threads.submit(() -> get(path)));
      }
    }
    for (Future<Answer> answer : answers) {
      assertThat(answer.get().code()).isIn(200, 404);
    }
  }

  @Test
  void aConnectionLostWithinAnAnswerIsNoAnswerAndTheNextRequestMakesANewOne() throws Exception {
    assertThatThrownBy(() -> get("/lost"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("the connection was lost");
    assertThat(get("/none").code()).isEqualTo(404);
    assertThat(connections).hasSize(2);
  }

  @Test
  void aStreamThatTheServerResetsIsNoAnswerAndTheConnectionGoesOn() throws Exception {
    assertThatThrownBy(() -> get("/reset"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("the server has reset the stream, code 2");
    assertThat(get("/none").code()).isEqualTo(404);
    assertThat(connections).hasSize(1);
  }

  @Test
  void aRequestThatIsInterruptedIsCancelledAtTheServer() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Answer> never = threads.submit(() -> get("/never"));
      await().until(() -> unanswered.get() == 1);
      never.cancel(true);
      await().until(() -> cancelled.get() == 1);
      assertThat(get("/none").code()).isEqualTo(404);
    }
    assertThat(connections).hasSize(1);
  }

  @Test
  void closingEndsWhatIsUnderWay() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Answer> never = threads.submit(() -> get("/never"));
      await().until(() -> unanswered.get() == 1);
      road.close();
      assertThatThrownBy(never::get)
          .isInstanceOf(ExecutionException.class)
          .hasMessageContaining("it was closed");
    }
  }
}
