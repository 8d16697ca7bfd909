package io.vaultkms.platform.http2;

import io.netty.handler.codec.http2.Http2Headers;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/2 connection. Any number of virtual threads may wait for answers on it; a thread of its
 * own reads. It ends when the server closes it, when it says something that cannot be understood,
 * and when it has been silent for as long as a request may take.
 */
public final class Http2Connection implements AutoCloseable {
  private final String authority;
  private final int longestBody;
  private final Socket socket;
  private final FrameReader frames;
  private final FrameWriter writer;
  private final HeaderReader headers;
  private final Map<Integer, Exchange> exchanges = new ConcurrentHashMap<>();
  private final AtomicReference<@Nullable IOException> end = new AtomicReference<>();
  private volatile boolean leaving;
  private volatile long lastFrame = System.nanoTime();
  private int unacknowledged;

  private Http2Connection(Endpoint endpoint, Socket plain, SSLSocket tls) throws IOException {
    this.authority = endpoint.authority();
    this.longestBody = endpoint.longestBody();
    this.socket = plain;
    this.frames = new FrameReader(tls.getInputStream());
    this.headers = new HeaderReader(frames);
    this.writer = new FrameWriter(tls.getOutputStream(), authority);
  }

  /**
   * Connects; blocks.
   *
   * @throws NoHttp2 when the server speaks something else
   */
  public static Http2Connection open(Endpoint endpoint) throws IOException {
    int timeout = Math.toIntExact(endpoint.connectTimeout().toMillis());
    Socket plain = new Socket();
    try {
      plain.setTcpNoDelay(true);
      plain.setKeepAlive(true);
      plain.connect(new InetSocketAddress(endpoint.host(), endpoint.port()), timeout);
      plain.setSoTimeout(timeout);
      Http2Connection connection = new Http2Connection(endpoint, plain, endpoint.handshake(plain));
      // One more than is taken in must fit: what is too long must not wait for room instead.
      connection.writer.begin(endpoint.longestBody() + Frame.DEFAULT_WINDOW);
      connection.frames.next();
      if (connection.frames.type != Frame.SETTINGS) {
        throw new NoHttp2(endpoint.authority());
      }
      connection.take();
      plain.setSoTimeout(0);
      Thread.ofPlatform().daemon().name("http2-" + endpoint.authority()).start(connection::read);
      return connection;
    } catch (IOException e) {
      plain.close();
      throw e;
    }
  }

  /** Whether another request can be made on it. */
  public boolean open() {
    return !leaving && end.get() == null;
  }

  /** How many requests wait for an answer. */
  public int underWay() {
    return exchanges.size();
  }

  /** No more requests; those under way go on, and it closes after the last. */
  public void leave() {
    leaving = true;
    closeIfLeft();
  }

  /**
   * Sends a request and waits for the answer. Interrupting the thread cancels it.
   *
   * @throws NotTaken when the server has not looked at it, so that it may be sent again
   * @throws BodyTooLong when the answer is longer than allowed
   * @throws IOException when no answer came in time, or the connection was lost
   */
  public Response send(Request request, Duration timeout) throws IOException, InterruptedException {
    Exchange exchange = new Exchange(longestBody);
    long start = System.nanoTime();
    int stream = begin(request, exchange, start + timeout.toNanos());
    try {
      long left = start + timeout.toNanos() - System.nanoTime();
      return exchange.answer.get(left, TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      if (lastFrame - start < 0) {
        fail(new IOException(authority + " is silent"));
      }
      throw new IOException("no answer within %d ms".formatted(timeout.toMillis()), e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException problem ? problem : new IOException(e.getCause());
    } finally {
      forget(stream);
    }
  }

  private int begin(Request request, Exchange exchange, long deadline)
      throws IOException, InterruptedException {
    try {
      int stream =
          writer.request(
              request,
              deadline,
              id -> {
                exchanges.put(id, exchange);
                if (!open()) {
                  exchanges.remove(id);
                  throw NotTaken.unsent(end.get());
                }
              });
      if (writer.usedUp()) {
        leaving = true;
      }
      return stream;
    } catch (FrameWriter.Broken e) {
      fail(e);
      throw e;
    } catch (NotTaken e) {
      closeIfLeft();
      throw e;
    }
  }

  /** A stream that nobody waits for any more is ended, unless it has ended. */
  private void forget(int stream) {
    if (exchanges.remove(stream) != null) {
      try {
        writer.reset(stream);
      } catch (IOException e) {
        fail(e);
      }
    }
    writer.ended();
    closeIfLeft();
  }

  private void closeIfLeft() {
    if (leaving && exchanges.isEmpty()) {
      close();
    }
  }

  private void read() {
    try {
      while (end.get() == null) {
        frames.next();
        lastFrame = System.nanoTime();
        take();
      }
    } catch (IOException e) {
      fail(e);
    } catch (RuntimeException e) {
      fail(new IOException(authority + " cannot be understood: " + e.getMessage(), e));
    }
  }

  private void take() throws IOException {
    switch (frames.type) {
      case Frame.DATA -> data();
      case Frame.HEADERS -> headers();
      case Frame.RST_STREAM -> end(frames.stream, NotTaken.unlessLookedAt(code(0)));
      case Frame.SETTINGS -> settings();
      case Frame.PING -> {
        if (!frames.has(Frame.ACK)) {
          writer.pong(frames.array(), frames.at);
        }
      }
      case Frame.GOAWAY -> goAway();
      case Frame.WINDOW_UPDATE -> {
        if (frames.stream == 0) {
          writer.mayWrite(frames.int32(frames.at) & 0x7fff_ffff);
        }
      }
      case Frame.PUSH_PROMISE, Frame.CONTINUATION ->
          throw new IOException("the server has sent a frame that has no place here");
      default -> {} // Other types are for those who know them.
    }
  }

  private int code(int offset) {
    return frames.int32(frames.at + offset);
  }

  private void data() throws IOException {
    int stream = frames.stream;
    boolean last = frames.has(Frame.END_STREAM);
    unacknowledged += frames.counted;
    if (unacknowledged > FrameWriter.CONNECTION_WINDOW / 2) {
      writer.haveRead(unacknowledged);
      unacknowledged = 0;
    }
    Exchange exchange = exchanges.get(stream);
    if (exchange == null) {
      return;
    }
    try {
      exchange.data(frames.array(), frames.at, frames.length);
    } catch (BodyTooLong e) {
      exchange.fail(e); // Whoever waits for it resets the stream.
      return;
    }
    if (last) {
      end(stream);
    }
  }

  private void headers() throws IOException {
    int stream = frames.stream;
    boolean last = frames.has(Frame.END_STREAM);
    Http2Headers decoded = headers.next();
    Exchange exchange = exchanges.get(stream);
    if (exchange != null) {
      exchange.headers(decoded);
      if (last) {
        end(stream);
      }
    }
  }

  private void end(int stream) {
    Exchange exchange = exchanges.remove(stream);
    if (exchange != null) {
      exchange.end();
    }
  }

  private void end(int stream, IOException why) {
    Exchange exchange = exchanges.remove(stream);
    if (exchange != null) {
      exchange.fail(why);
    }
  }

  private void settings() throws IOException {
    if (frames.has(Frame.ACK)) {
      return;
    }
    for (int at = frames.at; at + 6 <= frames.at + frames.length; at += 6) {
      writer.setting(frames.int16(at), frames.int32(at + 2));
    }
    writer.acknowledgeSettings();
  }

  /** What the server has not looked at will get no answer. */
  private void goAway() {
    leaving = true;
    int lastSeen = code(0) & 0x7fff_ffff;
    for (int stream : exchanges.keySet()) {
      if (stream > lastSeen) {
        end(stream, NotTaken.goesAway());
      }
    }
    closeIfLeft();
  }

  /** The first reason counts: what comes after it is its consequence. */
  private void fail(IOException reason) {
    IOException before = end.compareAndExchange(null, reason);
    IOException why = before == null ? reason : before;
    if (before == null) {
      quietlyClose();
    }
    writer.over(why);
    for (int stream : exchanges.keySet()) {
      end(stream, new IOException("the connection was lost: " + why.getMessage(), why));
    }
  }

  /** The socket alone: an orderly end of TLS would wait for whoever writes. */
  private void quietlyClose() {
    try {
      socket.close();
    } catch (IOException e) {
      // It is gone either way.
    }
  }

  /** Ends what is under way. */
  @Override
  public void close() {
    fail(new IOException("it was closed"));
  }
}
