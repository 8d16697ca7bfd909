package io.vaultkms.lab.apiserver.envelope;

import java.util.Arrays;

/** One way of storing values. Safe for any thread; may block on a call to a KMS plugin. */
interface Provider {
  /** What every value stored by this provider begins with; empty for plaintext. */
  String prefix();

  /**
   * @param stored what follows the prefix
   * @param key the storage key, which authenticated encryption is bound to
   */
  Decoded read(byte[] stored, String key);

  /** Returns what is to follow the prefix. */
  byte[] write(byte[] plaintext, String key);

  /** Plaintext, as it is. */
  Provider IDENTITY =
      new Provider() {
        @Override
        public String prefix() {
          return "";
        }

        @Override
        public Decoded read(byte[] stored, String key) {
          if (Prefixes.startsWith(stored, Prefixes.ENCRYPTED)) {
            throw new TransformException("identity transformer tried to read encrypted data");
          }
          return new Decoded(Arrays.copyOf(stored, stored.length), false);
        }

        @Override
        public byte[] write(byte[] plaintext, String key) {
          return plaintext;
        }
      };
}
