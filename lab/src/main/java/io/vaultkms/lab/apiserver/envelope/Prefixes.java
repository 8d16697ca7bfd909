package io.vaultkms.lab.apiserver.envelope;

import java.nio.charset.StandardCharsets;

/** The prefixes of stored values. */
public final class Prefixes {
  static final byte[] ENCRYPTED = bytes("k8s:enc:");

  private Prefixes() {}

  static byte[] bytes(String prefix) {
    return prefix.getBytes(StandardCharsets.UTF_8);
  }

  static boolean startsWith(byte[] value, byte[] prefix) {
    if (value.length < prefix.length) {
      return false;
    }
    for (int i = 0; i < prefix.length; i++) {
      if (value[i] != prefix[i]) {
        return false;
      }
    }
    return true;
  }

  /**
   * The provider that a stored value names: {@code identity}, or everything up to the fifth colon,
   * as {@code k8s:enc:kms:v2:1_secrets}.
   */
  public static String of(byte[] stored) {
    if (!startsWith(stored, ENCRYPTED)) {
      return "identity";
    }
    int colons = 0;
    int end = 0;
    while (end < stored.length && (stored[end] != ':' || ++colons < 5)) {
      end++;
    }
    return new String(stored, 0, end, StandardCharsets.UTF_8);
  }
}
