package io.vaultkms.migrator.api;

import java.time.Duration;
import java.util.Optional;

/**
 * An answer other than the one that was asked for.
 *
 * @param code the HTTP status
 * @param message the API server's own words, a webhook's or policy's included; never a body as it
 *     came, since that might hold anything
 * @param continueToken where an expired list may go on; empty when nowhere
 * @param retryAfter how long the API server asks to be left alone
 */
public record Failure(
    int code, String message, String continueToken, Optional<Duration> retryAfter) {
  private static final int LONGEST = 1_000;

  public Failure {
    message =
        message.isBlank() ? "answered with HTTP " + code : message.strip().replaceAll("\\s+", " ");
    message = message.length() > LONGEST ? message.substring(0, LONGEST) + "…" : message;
  }

  public boolean notFound() {
    return code == 404;
  }

  public boolean conflict() {
    return code == 409;
  }

  public boolean invalid() {
    return code == 422;
  }

  /** The list's snapshot is gone. */
  public boolean expired() {
    return code == 410;
  }

  /** The API server is asked for more than it gives. */
  public boolean overloaded() {
    return code == 429 || code == 503;
  }

  /** The same request may well succeed later. */
  public boolean passing() {
    return code == 429 || code == 408 || code >= 500;
  }

  /** Nothing that this program asks will be answered. */
  public boolean unauthorized() {
    return code == 401;
  }
}
