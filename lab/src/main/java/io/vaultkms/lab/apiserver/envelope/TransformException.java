package io.vaultkms.lab.apiserver.envelope;

/** A stored value cannot be read, or a value cannot be encrypted now. Never holds plaintext. */
public final class TransformException extends RuntimeException {
  TransformException(String message) {
    super(message);
  }

  TransformException(String message, Throwable cause) {
    super(message, cause);
  }
}
