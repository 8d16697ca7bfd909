package io.vaultkms.lab.apiserver.envelope;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The seed that a KMS v2 provider derives one AES-GCM key per value from (HKDF-SHA256, expanded
 * over 32 random bytes that are stored in front of the ciphertext), so that no nonce repeats under
 * one key.
 */
final class DataKeySeed {
  private static final int SIZE = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final SecretKey seed;

  private DataKeySeed(byte[] seed) {
    this.seed = new SecretKeySpec(seed, "Generic");
  }

  /** Fresh random bytes for a new seed. */
  static byte[] generate() {
    byte[] bytes = new byte[SIZE];
    RANDOM.nextBytes(bytes);
    return bytes;
  }

  /**
   * @param bytes as {@link #generate} made them
   */
  static DataKeySeed of(byte[] bytes) {
    if (bytes.length < SIZE) {
      throw new TransformException("the unwrapped seed has " + bytes.length + " bytes, not 32");
    }
    return new DataKeySeed(bytes);
  }

  byte[] seal(byte[] plaintext, String key) {
    byte[] info = generate();
    return AesGcm.seal(derive(info), plaintext, info, Prefixes.bytes(key));
  }

  byte[] open(byte[] data, String key) {
    if (data.length < SIZE) {
      throw new TransformException("the stored data was shorter than the required size");
    }
    return AesGcm.open(derive(Arrays.copyOf(data, SIZE)), data, SIZE, Prefixes.bytes(key));
  }

  private SecretKey derive(byte[] info) {
    try {
      return KDF.getInstance("HKDF-SHA256")
          .deriveKey("AES", HKDFParameterSpec.expandOnly(seed, info, SIZE));
    } catch (GeneralSecurityException e) {
      throw new TransformException("HKDF cannot derive a key", e);
    }
  }
}
