package io.vaultkms.platform.http2;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Writes frames, and keeps to what the server allows. From any thread. */
final class FrameWriter {
  static final int CONNECTION_WINDOW = 8 << 20;
  private static final byte[] PREFACE =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
  private static final int TABLE = 4_096;
  private static final int LAST_STREAM = Integer.MAX_VALUE - 2;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final OutputStream out;
  private final HeaderBlock headers;
  private final Bytes bytes = new Bytes(2_048);
  private long window = Frame.DEFAULT_WINDOW;
  private int streamWindow = Frame.DEFAULT_WINDOW;
  private int most = 100;
  private int underWay;
  private int nextStream = 1;
  private @Nullable IOException over;

  FrameWriter(OutputStream out, String authority) {
    this.out = out;
    this.headers = new HeaderBlock(authority);
  }

  /** The connection cannot be written to any more. */
  static final class Broken extends IOException {
    private static final long serialVersionUID = 1;

    Broken(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }

  /** Told of a stream before anything of it is sent. */
  @FunctionalInterface
  interface Opening {
    void stream(int id) throws IOException;
  }

  void begin(int bodyWindow) throws IOException {
    lock.lock();
    try {
      bytes.put(PREFACE, 0, PREFACE.length);
      bytes.head(12, Frame.SETTINGS, 0, 0);
      setting(bytes, Frame.ENABLE_PUSH, 0);
      setting(bytes, Frame.INITIAL_WINDOW_SIZE, bodyWindow);
      windowUpdate(CONNECTION_WINDOW - Frame.DEFAULT_WINDOW);
      flush();
    } finally {
      lock.unlock();
    }
  }

  private static void setting(Bytes bytes, int id, int value) {
    bytes.put(id >>> 8);
    bytes.put(id);
    bytes.putInt(value);
  }

  private void windowUpdate(int more) {
    bytes.head(4, Frame.WINDOW_UPDATE, 0, 0);
    bytes.putInt(more);
  }

  /**
   * Sends a whole request as soon as the server allows it.
   *
   * @return its stream; {@link #ended} is to be called for it
   */
  int request(Request request, long deadline, Opening opening)
      throws IOException, InterruptedException {
    lock.lockInterruptibly();
    try {
      int body = request.body().length;
      if (body > streamWindow) {
        throw new IOException("a body of %d bytes is more than the server takes".formatted(body));
      }
      awaitRoom(body, deadline);
      int stream = nextStream;
      opening.stream(stream);
      nextStream += 2;
      underWay++;
      window -= body;
      frames(request, stream);
      try {
        flush();
      } catch (IOException e) {
        throw new Broken(e);
      }
      return stream;
    } finally {
      lock.unlock();
    }
  }

  private void awaitRoom(int body, long deadline) throws IOException, InterruptedException {
    while (true) {
      if (over != null) {
        throw NotTaken.unsent(over);
      }
      if (underWay < most && window >= body) {
        return;
      }
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        throw new IOException("the server allows no more requests at once");
      }
      changed.await(left, TimeUnit.NANOSECONDS);
    }
  }

  private void frames(Request request, int stream) throws Broken {
    byte[] body = request.body();
    int flags = Frame.END_HEADERS | (body.length == 0 ? Frame.END_STREAM : 0);
    int head = bytes.head(0, Frame.HEADERS, flags, stream);
    headers.write(request, bytes);
    if (bytes.endFrame(head) > Frame.LONGEST) {
      throw new Broken(new IOException("the headers of a request are too long"));
    }
    for (int from = 0; from < body.length; from += Frame.LONGEST) {
      int part = Math.min(Frame.LONGEST, body.length - from);
      boolean last = from + part == body.length;
      bytes.head(part, Frame.DATA, last ? Frame.END_STREAM : 0, stream);
      bytes.put(body, from, part);
    }
  }

  /** No stream has a number left. */
  boolean usedUp() {
    lock.lock();
    try {
      return nextStream >= LAST_STREAM;
    } finally {
      lock.unlock();
    }
  }

  /** A request has ended, however. */
  void ended() {
    lock.lock();
    try {
      underWay--;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  void reset(int stream) throws IOException {
    lock.lock();
    try {
      bytes.head(4, Frame.RST_STREAM, 0, stream);
      bytes.putInt(Frame.CANCEL);
      flush();
    } finally {
      lock.unlock();
    }
  }

  void pong(byte[] array, int at) throws IOException {
    lock.lock();
    try {
      bytes.head(8, Frame.PING, Frame.ACK, 0);
      bytes.put(array, at, 8);
      flush();
    } finally {
      lock.unlock();
    }
  }

  void acknowledgeSettings() throws IOException {
    lock.lock();
    try {
      bytes.head(0, Frame.SETTINGS, Frame.ACK, 0);
      flush();
    } finally {
      lock.unlock();
    }
  }

  /** So many bytes of answers were taken in: the server may send as many more. */
  void haveRead(int count) throws IOException {
    lock.lock();
    try {
      windowUpdate(count);
      flush();
    } finally {
      lock.unlock();
    }
  }

  void mayWrite(int more) {
    lock.lock();
    try {
      window += more;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void setting(int id, int value) {
    lock.lock();
    try {
      switch (id) {
        case Frame.HEADER_TABLE_SIZE -> {
          if (value >= 0 && value < TABLE) {
            headers.forgoTable();
          }
        }
        case Frame.MAX_CONCURRENT_STREAMS -> most = value < 0 ? Integer.MAX_VALUE : value;
        case Frame.INITIAL_WINDOW_SIZE -> streamWindow = value;
        default -> {} // The others say nothing to a client like this.
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Nothing will be sent any more. */
  void over(IOException why) {
    lock.lock();
    try {
      over = why;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void flush() throws IOException {
    bytes.drainTo(out);
    out.flush();
  }
}
