package io.vaultkms.lab.vault;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Plain HTTPS calls to a Vault, as curl would make them. */
final class VaultCalls {
  private final String address;
  private final HttpClient http;

  VaultCalls(String address, String caPem) throws Exception {
    this.address = address;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .sslContext(trusting(caPem))
            .connectTimeout(Duration.ofSeconds(5))
            .build();
  }

  record Answer(int status, JsonObject body) {
    List<?> errors() {
      return body.getJsonArray("errors").getList();
    }

    JsonObject data() {
      return body.getJsonObject("data");
    }

    JsonObject auth() {
      return body.getJsonObject("auth");
    }
  }

  Answer get(String path, String... headers) throws Exception {
    return call("GET", path, null, headers);
  }

  Answer post(String path, JsonObject body, String... headers) throws Exception {
    return call("POST", path, body, headers);
  }

  /** Headers are names and values in turn. */
  Answer call(String method, String path, JsonObject body, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(address + "/v1/" + path))
            .timeout(Duration.ofSeconds(5))
            .method(
                method,
                body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body.encode()));
    if (headers.length > 0) {
      request.headers(headers);
    }
    HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
    return new Answer(
        answer.statusCode(),
        answer.body().isEmpty() ? new JsonObject() : new JsonObject(answer.body()));
  }

  private static SSLContext trusting(String caPem) throws Exception {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    store.setCertificateEntry(
        "ca",
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(caPem.getBytes(US_ASCII))));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }
}
