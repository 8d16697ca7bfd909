package io.vaultkms.model.config;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;

/**
 * The hash that ties a verdict, a key and an event to exactly one configuration with exactly the
 * contents it refers to: SHA-256, its first 8 characters in base64url. 48 bits tell configurations
 * apart, and tell nothing of the secrets that went in.
 */
public final class Handshake {
  private static final int LENGTH = 8;

  private Handshake() {}

  /** The hash of a KMS configuration and of what it refers to. */
  public static String of(KmsProvider provider, ReferencedData data) {
    MessageDigest digest = sha256();
    provider
        .fields()
        .forEach(
            (field, value) -> {
              add(digest, field.getBytes(StandardCharsets.UTF_8));
              add(digest, value.getBytes(StandardCharsets.UTF_8));
            });
    data.entries()
        .forEach(
            (entry, value) -> {
              add(digest, entry.getBytes(StandardCharsets.UTF_8));
              add(digest, value);
            });
    return shorten(digest);
  }

  /** The hash of a configuration without a KMS: nothing but its mode counts. */
  public static String of(Mode mode) {
    MessageDigest digest = sha256();
    add(digest, mode.wire().getBytes(StandardCharsets.UTF_8));
    return shorten(digest);
  }

  /** The hash of what is wrong with a configuration: it stands for the refusal. */
  public static String of(List<Violation> violations) {
    MessageDigest digest = sha256();
    violations.forEach(
        violation -> add(digest, violation.toString().getBytes(StandardCharsets.UTF_8)));
    return shorten(digest);
  }

  /** Every part goes in behind its length, so that no two lists of parts look alike. */
  private static void add(MessageDigest digest, byte[] part) {
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(part.length).array());
    digest.update(part);
  }

  private static String shorten(MessageDigest digest) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(digest.digest())
        .substring(0, LENGTH);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
