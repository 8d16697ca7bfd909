package io.vaultkms.platform.kms;

/** A call to a KMS plugin failed. The message says which call, on which socket, and why. */
public final class KmsPluginException extends RuntimeException {
  KmsPluginException(String message, Throwable cause) {
    super(message, cause);
  }
}
