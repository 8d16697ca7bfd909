package io.vaultkms.lab.apiserver.envelope;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** AES-GCM: a random nonce of 12 bytes, then ciphertext and tag, bound to the storage key. */
final class AesGcm implements Provider {
  private static final int NONCE = 12;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final String prefix;
  private final SecretKey secret;

  AesGcm(String name, byte[] secret) {
    this("k8s:enc:aesgcm:v1:" + name + ":", new SecretKeySpec(secret, "AES"));
  }

  private AesGcm(String prefix, SecretKey secret) {
    this.prefix = prefix;
    this.secret = secret;
  }

  @Override
  public String prefix() {
    return prefix;
  }

  @Override
  public Decoded read(byte[] stored, String key) {
    return new Decoded(open(secret, stored, 0, Prefixes.bytes(key)), false);
  }

  @Override
  public byte[] write(byte[] plaintext, String key) {
    return seal(secret, plaintext, new byte[0], Prefixes.bytes(key));
  }

  /** Returns lead, nonce, ciphertext and tag. */
  static byte[] seal(SecretKey secret, byte[] plaintext, byte[] lead, byte[] aad) {
    byte[] nonce = new byte[NONCE];
    RANDOM.nextBytes(nonce);
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(Cipher.ENCRYPT_MODE, secret, new GCMParameterSpec(128, nonce));
      cipher.updateAAD(aad);
      int head = lead.length + NONCE;
      byte[] out = new byte[head + cipher.getOutputSize(plaintext.length)];
      System.arraycopy(lead, 0, out, 0, lead.length);
      System.arraycopy(nonce, 0, out, lead.length, NONCE);
      cipher.doFinal(plaintext, 0, plaintext.length, out, head);
      return out;
    } catch (GeneralSecurityException e) {
      throw new TransformException("AES-GCM cannot encrypt", e);
    }
  }

  static byte[] open(SecretKey secret, byte[] stored, int from, byte[] aad) {
    if (stored.length < from + NONCE + 16) {
      throw new TransformException("the stored data was shorter than the required size");
    }
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(Cipher.DECRYPT_MODE, secret, new GCMParameterSpec(128, stored, from, NONCE));
      cipher.updateAAD(aad);
      return cipher.doFinal(stored, from + NONCE, stored.length - from - NONCE);
    } catch (GeneralSecurityException e) {
      throw new TransformException("cipher: message authentication failed", e);
    }
  }
}
