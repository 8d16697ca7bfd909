package io.vaultkms.migrator.api;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A few HTTP/1.1 connections, for an API server without TLS, with all that happens on them on one
 * event loop.
 */
final class Connection extends VerticleBase {
  private final HttpClientOptions options;
  private final PoolOptions pool;
  private final long timeoutMillis;
  private final int longest;
  private HttpClientAgent client;

  /**
   * @param timeoutMillis the longest silence within one request
   * @param longest how many bytes of an answer are taken in
   */
  @SuppressWarnings("NullAway.Init")
  Connection(HttpClientOptions options, PoolOptions pool, long timeoutMillis, int longest) {
    this.options = options;
    this.pool = pool;
    this.timeoutMillis = timeoutMillis;
    this.longest = longest;
  }

  @Override
  public Future<?> start() {
    client = vertx.createHttpClient(options, pool);
    return Future.succeededFuture();
  }

  /** Sends from any thread; the answer comes on the event loop. Cancelling it resets the stream. */
  CompletableFuture<Answer> send(Call call, Optional<String> authorization) {
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    context.runOnContext(_ -> sendHere(call, authorization, answer));
    return answer;
  }

  private void sendHere(
      Call call, Optional<String> authorization, CompletableFuture<Answer> answer) {
    if (answer.isDone()) {
      return;
    }
    RequestOptions request =
        new RequestOptions()
            .setMethod(call.method())
            .setURI(call.uri())
            .setHeaders(headers(call, authorization))
            .setTimeout(timeoutMillis);
    client
        .request(request)
        .compose(ready -> exchange(ready, call, answer))
        .onSuccess(answer::complete)
        .onFailure(answer::completeExceptionally);
  }

  private static MultiMap headers(Call call, Optional<String> authorization) {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    headers.add("accept", call.accept()).add("user-agent", ApiClient.USER_AGENT);
    authorization.ifPresent(value -> headers.add("authorization", value));
    if (call.patch() != null) {
      headers.add("content-type", call.patch().kind().contentType());
    }
    return headers;
  }

  private Future<Answer> exchange(
      HttpClientRequest request, Call call, CompletableFuture<Answer> answer) {
    if (answer.isDone()) {
      request.reset();
      return Future.failedFuture("cancelled");
    }
    answer.whenComplete(
        (_, _) -> {
          if (answer.isCancelled()) {
            context.runOnContext(_ -> request.reset());
          }
        });
    Future<HttpClientResponse> response =
        call.patch() == null ? request.send() : request.send(call.patch().json());
    return response.compose(head -> body(request, head, call));
  }

  private Future<Answer> body(HttpClientRequest request, HttpClientResponse response, Call call) {
    Promise<Answer> whole = Promise.promise();
    Buffer body = Buffer.buffer();
    response.exceptionHandler(whole::tryFail);
    response.handler(
        part -> {
          if (body.length() + part.length() > longest) {
            whole.tryFail(new AnswerTooLong(call.uri(), longest));
            request.reset();
          } else {
            body.appendBuffer(part);
          }
        });
    response.endHandler(
        _ ->
            whole.tryComplete(
                new Answer(
                    response.statusCode(),
                    header(response, "content-type"),
                    header(response, "retry-after"),
                    body.getBytes())));
    return whole.future();
  }

  private static String header(HttpClientResponse response, String name) {
    String value = response.getHeader(name);
    return value == null ? "" : value;
  }
}
