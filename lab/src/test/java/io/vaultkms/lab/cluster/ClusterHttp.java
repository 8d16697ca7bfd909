package io.vaultkms.lab.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A raw client of a control plane, for what a Kubernetes client hides. */
public final class ClusterHttp implements AutoCloseable {
  public static final ObjectMapper JSON = new ObjectMapper();
  public static final String METADATA_LIST =
      "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io";
  public static final String METADATA =
      "application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io";
  public static final String MERGE = "application/merge-patch+json";
  public static final String STRATEGIC = "application/strategic-merge-patch+json";

  private final HttpClient http;
  private final URI server;
  private final String token;

  public ClusterHttp(URI server, String caCertificate, String token) {
    this.server = server;
    this.token = token;
    this.http =
        HttpClient.newBuilder()
            .sslContext(trusting(caCertificate))
            .connectTimeout(Duration.ofSeconds(30))
            .build();
  }

  private static SSLContext trusting(String caCertificate) {
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null);
      var pem = new ByteArrayInputStream(caCertificate.getBytes(StandardCharsets.UTF_8));
      store.setCertificateEntry(
          "ca", CertificateFactory.getInstance("X.509").generateCertificate(pem));
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** An answer: its code, its headers, its body as JSON (or as text). */
  public record Answer(int code, java.net.http.HttpHeaders headers, String text) {
    public JsonNode json() {
      try {
        return JSON.readTree(text);
      } catch (IOException e) {
        throw new AssertionError(text, e);
      }
    }

    public String resourceVersion() {
      return json().at("/metadata/resourceVersion").asText();
    }
  }

  public Answer get(String path, String... headers) {
    return send("GET", path, null, headers);
  }

  public Answer post(String path, String body) {
    return send("POST", path, body, "Content-Type", "application/json");
  }

  public Answer put(String path, JsonNode body) {
    return send("PUT", path, body.toString(), "Content-Type", "application/json");
  }

  public Answer patch(String path, String type, String body, String... headers) {
    String[] all =
        Stream.concat(Stream.of("Content-Type", type), Stream.of(headers)).toArray(String[]::new);
    return send("PATCH", path, body, all);
  }

  public Answer delete(String path, String body) {
    return send("DELETE", path, body, "Content-Type", "application/json");
  }

  public Answer send(String method, String path, String body, String... headers) {
    try {
      HttpResponse<String> response =
          http.send(request(method, path, body, headers), BodyHandlers.ofString());
      return new Answer(response.statusCode(), response.headers(), response.body());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private HttpRequest request(String method, String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.resolve(path)).timeout(Duration.ofSeconds(60));
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    if (headers.length > 0) {
      request.headers(headers);
    }
    return request
        .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
        .build();
  }

  /** Reads a watch line by line; close the stream to end it. */
  public Stream<JsonNode> watch(String path, String... headers) {
    try {
      HttpResponse<Stream<String>> response =
          http.send(request("GET", path, null, headers), BodyHandlers.ofLines());
      return response
          .body()
          .filter(line -> !line.isBlank())
          .map(line -> new Answer(0, null, line).json());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** A Secret as JSON. */
  public static String secret(String name, Map<String, String> stringData) {
    var secret = JSON.createObjectNode().put("apiVersion", "v1").put("kind", "Secret");
    secret.putObject("metadata").put("name", name);
    secret.set("stringData", JSON.valueToTree(stringData));
    return secret.toString();
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
