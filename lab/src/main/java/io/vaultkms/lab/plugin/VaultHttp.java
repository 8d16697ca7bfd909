package io.vaultkms.lab.plugin;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.Proxy;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * HTTP calls to Vault over TLS. It stands on {@link HttpsURLConnection}, which starts faster and
 * holds less memory than the newer client, keeps connections, and blocks only a virtual thread.
 */
final class VaultHttp {
  private static final int MAX_ANSWER_BYTES = 1 << 20;

  static {
    System.setProperty("http.maxConnections", "16");
    System.setProperty("http.keepAlive.time.server", "60");
  }

  private final URI address;
  private final VaultTls tls;

  VaultHttp(URI address, VaultTls tls) {
    this.address = address;
    this.tls = tls;
  }

  /** A status code and a JSON object. Its text shows no body, since that may hold a secret. */
  record Answer(int status, Map<?, ?> body) {
    boolean isGood() {
      return status >= 200 && status < 300;
    }

    /** A part of the body that is an object; empty if it is missing. */
    Map<?, ?> part(String name) {
      return body.get(name) instanceof Map<?, ?> part ? part : Map.of();
    }

    List<String> errors() {
      return body.get("errors") instanceof List<?> errors
          ? errors.stream().filter(Objects::nonNull).map(Object::toString).toList()
          : List.of();
    }

    @Override
    public String toString() {
      return "Answer[" + status + "]";
    }
  }

  /**
   * @param path what follows {@code /v1/}
   * @param namespace empty for none
   * @param body null for none
   */
  Answer call(
      String method,
      String path,
      String namespace,
      @Nullable String token,
      @Nullable Map<String, String> body,
      TimeLimit limit)
      throws VaultFailure {
    try {
      HttpsURLConnection connection = open(method, path, namespace, token, limit);
      if (body != null) {
        send(connection, Json.write(body), limit);
      }
      return receive(connection, limit);
    } catch (SSLException e) {
      throw VaultFailure.unreachable(
          "TLS to Vault at " + address + " failed: " + tls.explain(e, address.getHost()));
    } catch (SocketTimeoutException e) {
      throw VaultFailure.unreachable("Vault at " + address + " did not answer in time");
    } catch (UnknownHostException e) {
      throw VaultFailure.unreachable("Vault's host " + address.getHost() + " is not known");
    } catch (ConnectException | NoRouteToHostException e) {
      throw VaultFailure.unreachable(
          "Vault at " + address + " cannot be reached: " + e.getMessage());
    } catch (IOException e) {
      throw VaultFailure.unreachable(
          "the connection to Vault at " + address + " broke: " + e.getMessage());
    }
  }

  private HttpsURLConnection open(
      String method, String path, String namespace, @Nullable String token, TimeLimit limit)
      throws IOException {
    HttpsURLConnection connection =
        (HttpsURLConnection)
            URI.create(address + "/v1/" + path).toURL().openConnection(Proxy.NO_PROXY);
    connection.setSSLSocketFactory(tls);
    connection.setInstanceFollowRedirects(false);
    connection.setUseCaches(false);
    connection.setRequestMethod(method);
    connection.setConnectTimeout(limit.remainingMillis());
    connection.setReadTimeout(limit.remainingMillis());
    connection.setRequestProperty("X-Vault-Request", "true");
    if (!namespace.isEmpty()) {
      connection.setRequestProperty("X-Vault-Namespace", namespace);
    }
    if (token != null) {
      connection.setRequestProperty("X-Vault-Token", token);
    }
    return connection;
  }

  private static void send(HttpsURLConnection connection, byte[] body, TimeLimit limit)
      throws IOException {
    connection.setDoOutput(true);
    connection.setRequestProperty("Content-Type", "application/json");
    connection.setFixedLengthStreamingMode(body.length);
    try (OutputStream out = connection.getOutputStream()) {
      out.write(body);
    }
    connection.setReadTimeout(limit.remainingMillis());
  }

  /** The body is read to its end even where it is an error: else the connection is not kept. */
  private static Answer receive(HttpsURLConnection connection, TimeLimit limit) throws IOException {
    int status = connection.getResponseCode();
    connection.setReadTimeout(limit.remainingMillis());
    InputStream stream = status >= 400 ? connection.getErrorStream() : connection.getInputStream();
    if (stream == null) {
      return new Answer(status, Map.of());
    }
    try (stream) {
      byte[] bytes = stream.readNBytes(MAX_ANSWER_BYTES);
      return new Answer(status, object(bytes));
    }
  }

  private static Map<?, ?> object(byte[] bytes) {
    try {
      return Json.read(bytes);
    } catch (IOException e) {
      return Map.of("errors", List.of("the answer is not JSON"));
    }
  }
}
