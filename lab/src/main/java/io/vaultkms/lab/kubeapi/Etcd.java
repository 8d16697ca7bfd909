package io.vaultkms.lab.kubeapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vaultkms.lab.apiserver.envelope.Prefixes;
import io.vaultkms.lab.world.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One etcd on the loopback address. It speaks plain HTTP and asks nobody who he is: whoever may
 * open a socket on this machine can read it.
 */
final class Etcd implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration REQUEST_LIMIT = Duration.ofSeconds(60);
  private static final int PAGE = 500;

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(5)).build();
  private final TetheredProcess process;
  private final URI url;

  private Etcd(TetheredProcess process, URI url) {
    this.process = process;
    this.url = url;
  }

  /** Starts it with its data and its log below the folder; returns when it answers. */
  static Etcd start(Path program, Path folder, Durability durability) {
    URI url = URI.create("http://127.0.0.1:" + FreePorts.next());
    URI peers = URI.create("http://127.0.0.1:" + FreePorts.next());
    List<String> command =
        List.of(
            program.toString(),
            "--name=lab",
            "--data-dir=" + folder.resolve("etcd"),
            "--listen-client-urls=" + url,
            "--advertise-client-urls=" + url,
            "--listen-peer-urls=" + peers,
            "--initial-advertise-peer-urls=" + peers,
            "--initial-cluster=lab=" + peers,
            "--unsafe-no-fsync=" + (durability == Durability.UNSAFE),
            "--log-level=warn");
    Etcd etcd = new Etcd(TetheredProcess.start(command, folder.resolve("etcd.log")), url);
    Readiness.await("etcd", etcd.process, etcd::healthy);
    return etcd;
  }

  URI url() {
    return url;
  }

  private boolean healthy() throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(url.resolve("/health")).timeout(Duration.ofSeconds(5)).build();
    return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
  }

  /** Forgets every revision but the newest. */
  void compact() {
    String newest = page("/", "/", 1).at("/header/revision").asText();
    call(
        "/v3/kv/compaction", JSON.createObjectNode().put("revision", newest).put("physical", true));
  }

  /** Counts the values below {@code /registry/<resource>/} by the prefix they begin with. */
  Map<String, Long> count(String resource) {
    String from = "/registry/" + resource + "/";
    String end = "/registry/" + resource + "0"; // '0' follows '/'
    Map<String, Long> counts = new TreeMap<>();
    boolean more = true;
    while (more) {
      JsonNode page = page(from, end, PAGE);
      String last = from;
      for (JsonNode pair : page.path("kvs")) {
        last = new String(decoded(pair.path("key")), StandardCharsets.UTF_8);
        counts.merge(Prefixes.of(beginning(pair.path("value"))), 1L, Long::sum);
      }
      from = last + "\0";
      more = page.path("more").asBoolean();
    }
    return counts;
  }

  private JsonNode page(String from, String end, int limit) {
    ObjectNode range = JSON.createObjectNode().put("key", encoded(from));
    return call("/v3/kv/range", range.put("range_end", encoded(end)).put("limit", limit));
  }

  /** No more of a value than its prefix needs: plaintext is not to be decoded without need. */
  private static byte[] beginning(JsonNode value) {
    String base64 = value.asText();
    byte[] bytes = Base64.getDecoder().decode(base64.substring(0, Math.min(base64.length(), 400)));
    return Arrays.copyOf(bytes, Math.min(bytes.length, 300));
  }

  private static byte[] decoded(JsonNode base64) {
    return Base64.getDecoder().decode(base64.asText());
  }

  private static String encoded(String key) {
    return Base64.getEncoder().encodeToString(key.getBytes(StandardCharsets.UTF_8));
  }

  private JsonNode call(String path, JsonNode body) {
    HttpRequest request =
        HttpRequest.newBuilder(url.resolve(path))
            .timeout(REQUEST_LIMIT)
            .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
            .build();
    try {
      HttpResponse<byte[]> answer = http.send(request, HttpResponse.BodyHandlers.ofByteArray());
      if (answer.statusCode() != 200) {
        throw new IllegalStateException(
            "etcd answered %d to %s".formatted(answer.statusCode(), path));
      }
      return JSON.readTree(answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException("etcd did not answer " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public void close() {
    process.close();
    http.shutdownNow();
  }
}
