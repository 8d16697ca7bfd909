package io.vaultkms.deployer.agent;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpResponse;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/** This node's own API server, asked directly. Blocks, for the client's request timeout at most. */
final class OwnApiServer {
  private static final Pattern APPLIED =
      Pattern.compile(
          "apiserver_encryption_config_controller_last_config_info\\{[^}]*\\bhash=\"(sha256:[0-9a-f]{64})\"[^}]*}"
              + " 1(\\.0)?");

  private final KubernetesClient client;

  OwnApiServer(KubernetesClient client) {
    this.client = client;
  }

  /**
   * The hash of the file that it uses; empty when it cannot be asked, or does not say (Kubernetes
   * before 1.34). Its metrics, which may be many megabytes, are read as far as that line and never
   * kept.
   */
  Optional<String> appliedHash() {
    LineSearch search = new LineSearch(APPLIED);
    CompletableFuture<Optional<String>> found = new CompletableFuture<>();
    HttpClient http = client.getHttpClient();
    CompletableFuture<HttpResponse<AsyncBody>> answer =
        http.consumeBytes(
            http.newHttpRequestBuilder().uri(uri("/metrics")).build(),
            (pieces, body) ->
                search
                    .take(pieces)
                    .ifPresentOrElse(hash -> found.complete(Optional.of(hash)), body::consume));
    answer.whenComplete(
        (response, failure) -> {
          if (failure != null || !response.isSuccessful()) {
            found.complete(Optional.empty());
            return;
          }
          response
              .body()
              .done()
              .whenComplete(
                  (_, cut) -> found.complete(cut == null ? search.end() : Optional.empty()));
          response.body().consume();
        });
    try {
      return found.get(client.getConfiguration().getRequestTimeout(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } finally {
      answer.thenAccept(response -> stop(response.body()));
    }
  }

  /** Whatever has not been read yet is not. */
  private static void stop(AsyncBody body) {
    if (!body.done().isDone()) {
      body.cancel();
    }
  }

  private URI uri(String path) {
    return URI.create(client.getMasterUrl().toString().replaceFirst("/$", "") + path);
  }

  /** Whether it says that it is ready. */
  boolean ready() {
    try {
      return client.raw("/readyz") != null;
    } catch (KubernetesClientException e) {
      return false;
    }
  }
}
