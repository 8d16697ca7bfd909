package io.vaultkms.platform.http2;

import java.io.IOException;

/** An answer was longer than is taken in. */
public final class BodyTooLong extends IOException {
  private static final long serialVersionUID = 1;

  BodyTooLong(int limit) {
    super("the answer is longer than %d bytes".formatted(limit));
  }
}
