package io.vaultkms.lab.apiserver;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.vaultkms.lab.apiserver.resource.ApiException;
import io.vaultkms.lab.apiserver.resource.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Passes requests on to aggregated API servers, one after the other, with the credentials they came
 * with. Answers are passed back whole, so that a watch cannot be forwarded. Blocks.
 */
final class Forwarding {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final List<String> HEADERS = List.of("Authorization", "Accept", "Content-Type");

  private final Supplier<String> caCertificate;
  private final AtomicInteger turn = new AtomicInteger();
  private volatile @Nullable HttpClient http;

  /**
   * @param caCertificate whom to believe, PEM; asked when there is something to forward
   */
  Forwarding(Supplier<String> caCertificate) {
    this.caCertificate = caCertificate;
  }

  private HttpClient http() {
    HttpClient made = http;
    if (made == null) {
      made =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .connectTimeout(Duration.ofSeconds(5))
              .sslContext(trusting(caCertificate.get()))
              .build();
      http = made;
    }
    return made;
  }

  private static SSLContext trusting(String ca) {
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      store.setCertificateEntry(
          "ca",
          CertificateFactory.getInstance("X.509")
              .generateCertificate(
                  new ByteArrayInputStream(ca.getBytes(StandardCharsets.US_ASCII))));
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("no TLS with the lab's CA", e);
    }
  }

  /**
   * @throws ApiException 503 when nobody answers
   */
  Reply forward(List<URI> servers, ApiRequest request) {
    if (request.flag("watch")) {
      throw new ApiException(405, "MethodNotAllowed", "a watch is not passed on by this stand-in");
    }
    if (servers.isEmpty()) {
      throw unavailable("no endpoint is ready");
    }
    URI server = servers.get(Math.floorMod(turn.getAndIncrement(), servers.size()));
    try {
      HttpResponse<byte[]> answer =
          http().send(made(server, request), HttpResponse.BodyHandlers.ofByteArray());
      return new Reply.Json(
          answer.statusCode(),
          answer.body().length == 0
              ? JsonNodeFactory.instance.objectNode()
              : Json.readYaml(answer.body()));
    } catch (IOException e) {
      throw unavailable(String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable("interrupted");
    }
  }

  private static HttpRequest made(URI server, ApiRequest request) {
    String query =
        request.query().entries().stream()
            .map(each -> encoded(each.getKey()) + "=" + encoded(each.getValue()))
            .collect(Collectors.joining("&"));
    HttpRequest.Builder made =
        HttpRequest.newBuilder(
                URI.create(server + request.path() + (query.isEmpty() ? "" : "?" + query)))
            .timeout(TIMEOUT)
            .method(request.method(), HttpRequest.BodyPublishers.ofByteArray(request.body()));
    for (String name : HEADERS) {
      String value = request.header(name);
      if (value != null) {
        made.header(name, value);
      }
    }
    return made.build();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static ApiException unavailable(String why) {
    return new ApiException(503, "ServiceUnavailable", "error trying to reach service: " + why);
  }
}
