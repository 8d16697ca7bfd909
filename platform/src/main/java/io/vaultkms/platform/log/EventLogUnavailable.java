package io.vaultkms.platform.log;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The log cannot be reached or does not answer; the message is one sentence naming the broker. */
public final class EventLogUnavailable extends TryLater {
  EventLogUnavailable(LogSettings settings, String what, @Nullable Throwable cause) {
    super("Kafka at " + settings.bootstrapServers() + ": " + what + reason(cause), cause);
  }

  private static String reason(@Nullable Throwable cause) {
    return cause == null ? "" : " (" + reasonOf(cause) + ")";
  }

  /** The sentence of what failed at the bottom of wrapped exceptions. */
  static String reasonOf(Throwable failure) {
    Throwable cause = failure;
    while ((cause instanceof ExecutionException || cause instanceof CompletionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    if (cause instanceof TimeoutException && cause.getMessage() == null) {
      return "no answer in time";
    }
    String message = cause.getMessage();
    return message == null ? cause.getClass().getSimpleName() : message;
  }
}
