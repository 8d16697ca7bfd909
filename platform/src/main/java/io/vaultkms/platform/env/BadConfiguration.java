package io.vaultkms.platform.env;

/** The configuration cannot be used; the message has one sentence for each thing that is wrong. */
public final class BadConfiguration extends RuntimeException {
  public BadConfiguration(String message) {
    super(message);
  }
}
