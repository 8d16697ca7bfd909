package io.vaultkms.platform.log;

import org.jspecify.annotations.Nullable;

/**
 * Thrown by a handler when something it needs is away and the event is not to blame: the event is
 * handed over again, with pauses between, until it is handled. Other exceptions are tried a bounded
 * number of times and end as a dead letter.
 */
public class TryLater extends RuntimeException {
  public TryLater(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
