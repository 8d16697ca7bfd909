package io.vaultkms.lab.apiserver.envelope;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** AES-CBC with PKCS #7 padding: a random initialization vector of 16 bytes, then ciphertext. */
final class AesCbc implements Provider {
  private static final int BLOCK = 16;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final String prefix;
  private final SecretKey secret;

  AesCbc(String name, byte[] secret) {
    this.prefix = "k8s:enc:aescbc:v1:" + name + ":";
    this.secret = new SecretKeySpec(secret, "AES");
  }

  @Override
  public String prefix() {
    return prefix;
  }

  @Override
  public Decoded read(byte[] stored, String key) {
    if (stored.length < 2 * BLOCK) {
      throw new TransformException("the stored data was shorter than the required size");
    }
    try {
      Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
      cipher.init(Cipher.DECRYPT_MODE, secret, new IvParameterSpec(stored, 0, BLOCK));
      return new Decoded(cipher.doFinal(stored, BLOCK, stored.length - BLOCK), false);
    } catch (GeneralSecurityException e) {
      throw new TransformException("invalid padding on input", e);
    }
  }

  @Override
  public byte[] write(byte[] plaintext, String key) {
    byte[] vector = new byte[BLOCK];
    RANDOM.nextBytes(vector);
    try {
      Cipher cipher = Cipher.getInstance("AES/CBC/PKCS5Padding");
      cipher.init(Cipher.ENCRYPT_MODE, secret, new IvParameterSpec(vector));
      byte[] out = new byte[BLOCK + cipher.getOutputSize(plaintext.length)];
      System.arraycopy(vector, 0, out, 0, BLOCK);
      cipher.doFinal(plaintext, 0, plaintext.length, out, BLOCK);
      return out;
    } catch (GeneralSecurityException e) {
      throw new TransformException("AES-CBC cannot encrypt", e);
    }
  }
}
