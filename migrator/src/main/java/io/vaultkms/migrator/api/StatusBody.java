package io.vaultkms.migrator.api;

/**
 * What a {@code Status} says.
 *
 * @param retryAfterSeconds 0 when it does not say
 */
record StatusBody(String message, String continueToken, long retryAfterSeconds) {
  static final StatusBody NONE = new StatusBody("", "", 0);
}
