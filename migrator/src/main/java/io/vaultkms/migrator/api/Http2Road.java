package io.vaultkms.migrator.api;

import io.vaultkms.platform.http2.BodyTooLong;
import io.vaultkms.platform.http2.Endpoint;
import io.vaultkms.platform.http2.Http2Connection;
import io.vaultkms.platform.http2.NotTaken;
import io.vaultkms.platform.http2.Request;
import io.vaultkms.platform.http2.Response;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/2 connection, made when it is needed and replaced when it is lost or has grown old: a
 * load balancer gives a new one to an API server that has come back.
 */
final class Http2Road implements Road {
  private static final long LIFETIME = Duration.ofSeconds(120).toNanos();

  /** How long one that has grown old is used on when no new one can be made. */
  private static final long RESPITE = Duration.ofSeconds(10).toNanos();

  /** So often a request is refused unseen on a connection that goes on, and it is a failure. */
  private static final int MOST_REFUSALS = 4;

  private static final byte[] NOTHING = {};

  private final Endpoint endpoint;
  private final Duration timeout;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile @Nullable Http2Connection connection;
  private volatile long made;

  Http2Road(Endpoint endpoint, Duration timeout) {
    this.endpoint = endpoint;
    this.timeout = timeout;
  }

  @Override
  public Answer send(Call call, Optional<String> authorization)
      throws IOException, InterruptedException {
    Response response;
    try {
      response = taken(request(call, authorization));
    } catch (BodyTooLong e) {
      throw new AnswerTooLong(call.uri(), endpoint.longestBody());
    }
    return new Answer(
        response.status(),
        response.header("content-type"),
        response.header("retry-after"),
        response.body());
  }

  /** A server that goes away, as one with --goaway-chance does now and then, is no failure. */
  private Response taken(Request request) throws IOException, InterruptedException {
    long start = System.nanoTime();
    int refusals = 0;
    while (true) {
      Http2Connection current = connection();
      try {
        return current.send(request, timeout);
      } catch (NotTaken e) {
        refusals += current.open() ? 1 : 0;
        if (refusals == MOST_REFUSALS || System.nanoTime() - start > timeout.toNanos()) {
          throw e;
        }
      }
    }
  }

  private static Request request(Call call, Optional<String> authorization) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("accept", call.accept());
    headers.put("user-agent", ApiClient.USER_AGENT);
    authorization.ifPresent(value -> headers.put("authorization", value));
    if (call.patch() != null) {
      headers.put("content-type", call.patch().kind().contentType());
    }
    return new Request(
        call.method().name(),
        call.uri(),
        headers,
        call.patch() == null ? NOTHING : call.patch().json().getBytes());
  }

  private Http2Connection connection() throws IOException, InterruptedException {
    Http2Connection current = connection;
    return current != null && usable(current) ? current : replaced();
  }

  private Http2Connection replaced() throws IOException, InterruptedException {
    lock.lockInterruptibly();
    try {
      Http2Connection current = connection;
      if (current != null && usable(current)) {
        return current;
      }
      return current != null && current.open() ? renewed(current) : opened();
    } finally {
      lock.unlock();
    }
  }

  private Http2Connection renewed(Http2Connection old) {
    try {
      Http2Connection fresh = opened();
      old.leave();
      return fresh;
    } catch (IOException e) {
      made = System.nanoTime() - LIFETIME + RESPITE;
      return old;
    }
  }

  private Http2Connection opened() throws IOException {
    Http2Connection fresh = Http2Connection.open(endpoint);
    made = System.nanoTime();
    connection = fresh;
    return fresh;
  }

  private boolean usable(Http2Connection current) {
    return current.open() && System.nanoTime() - made < LIFETIME;
  }

  @Override
  public void close() {
    Http2Connection current = connection;
    if (current != null) {
      current.close();
    }
  }
}
