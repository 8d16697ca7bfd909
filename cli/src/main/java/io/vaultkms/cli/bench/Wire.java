package io.vaultkms.cli.bench;

import io.vaultkms.platform.http2.Endpoint;
import io.vaultkms.platform.http2.Http2Connection;
import io.vaultkms.platform.http2.Request;
import io.vaultkms.platform.http2.Response;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.zip.GZIPInputStream;

/**
 * Requests to one API server over the migrator's own HTTP/2 client, on as many connections. Blocks;
 * for virtual threads.
 */
final class Wire {
  static final int LONGEST_ANSWER = 64 << 20;
  private static final int CONNECTIONS = 4;
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final Endpoint server;
  private final String token;
  private final AtomicReferenceArray<Http2Connection> connections =
      new AtomicReferenceArray<>(CONNECTIONS);
  private final AtomicInteger turn = new AtomicInteger();
  private final AtomicLong read = new AtomicLong();

  Wire(Endpoint server, String token) {
    this.server = server;
    this.token = token;
  }

  /** Connects anew, so that neither handshakes nor connections that were lost are measured. */
  void connect() throws IOException {
    for (int i = 0; i < CONNECTIONS; i++) {
      Http2Connection before = connections.getAndSet(i, Http2Connection.open(server));
      if (before != null) {
        before.close();
      }
    }
    read.set(0);
  }

  /** The bytes of all answers' bodies as they came. */
  long bytesRead() {
    return read.get();
  }

  /**
   * The body of the answer, unpacked.
   *
   * @param body empty for none
   * @throws IOException when no answer came, or none that says that all is well
   */
  byte[] send(String method, String path, byte[] body) throws IOException, InterruptedException {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("accept", "application/json");
    headers.put("accept-encoding", "gzip"); // As clients in Go do of themselves.
    headers.put("user-agent", "vaultkms-bench");
    headers.put("authorization", "Bearer " + token);
    if (body.length > 0) {
      headers.put("content-type", "application/json");
    }
    Http2Connection connection =
        connections.get(Math.floorMod(turn.getAndIncrement(), CONNECTIONS));
    Response response = connection.send(new Request(method, path, headers, body), LIMIT);
    read.addAndGet(response.body().length);
    if (response.status() < 200 || response.status() > 299) {
      throw new IOException(
          "%s %s was answered with %d".formatted(method, path, response.status()));
    }
    return response.header("content-encoding").equals("gzip")
        ? unpacked(response.body())
        : response.body();
  }

  private static byte[] unpacked(byte[] body) throws IOException {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(body), 1 << 16)) {
      return in.readAllBytes();
    }
  }
}
