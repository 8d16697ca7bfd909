package io.vaultkms.platform.http2;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The server has not looked at a request and will not: it says so (RFC 9113, 6.8 and 8.7), or
 * nothing of it was sent. Whatever it asks for may be asked for again, on another connection.
 */
public final class NotTaken extends IOException {
  private static final long serialVersionUID = 1;
  private static final String GOES_AWAY = "the server goes away";

  private NotTaken(String message, @Nullable IOException cause) {
    super(message, cause);
  }

  static NotTaken goesAway() {
    return new NotTaken(GOES_AWAY, null);
  }

  /**
   * @param over why the connection has ended; null when it is about to
   */
  static NotTaken unsent(@Nullable IOException over) {
    return new NotTaken(over == null ? GOES_AWAY : over.getMessage(), over);
  }

  /** What a stream that the server has reset ended with: it may have looked at it, or says not. */
  static IOException unlessLookedAt(int code) {
    String words = "the server has reset the stream, code " + code;
    return code == Frame.REFUSED_STREAM ? new NotTaken(words, null) : new IOException(words);
  }
}
