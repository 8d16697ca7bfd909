package io.vaultkms.migrator.api;

import java.io.IOException;

/** An answer was longer than this program takes in; a smaller page may not be. */
public final class AnswerTooLong extends IOException {
  private static final long serialVersionUID = 1;

  AnswerTooLong(String uri, int limit) {
    super("the answer to %s is longer than %d bytes".formatted(uri, limit));
  }
}
