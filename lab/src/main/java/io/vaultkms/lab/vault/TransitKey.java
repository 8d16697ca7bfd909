package io.vaultkms.lab.vault;

import io.vertx.core.json.JsonObject;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.NavigableMap;
import java.util.TreeMap;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A Transit key of type aes256-gcm96, with all its versions. A ciphertext is {@code vault:v<N>:}
 * and the base64 of nonce, encrypted bytes and tag. Not thread-safe: the core's lock guards it.
 */
final class TransitKey {
  private static final int KEY_BYTES = 32;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final String PREFIX = "vault:v";
  private static final SecureRandom RANDOM = new SecureRandom();

  private final String name;
  private final NavigableMap<Integer, Version> versions = new TreeMap<>();
  private int minDecryptionVersion = 1;
  private int minEncryptionVersion = 0;
  private boolean deletionAllowed = false;

  private record Version(SecretKeySpec key, Instant created) {}

  /** A ciphertext and the version of the key that made it. */
  record Sealed(String ciphertext, int version) {}

  TransitKey(String name) {
    this.name = name;
    rotate();
  }

  int rotate() {
    byte[] bytes = new byte[KEY_BYTES];
    RANDOM.nextBytes(bytes);
    int next = versions.isEmpty() ? 1 : latestVersion() + 1;
    versions.put(next, new Version(new SecretKeySpec(bytes, "AES"), Instant.now()));
    return next;
  }

  int latestVersion() {
    return versions.lastKey();
  }

  boolean deletionAllowed() {
    return deletionAllowed;
  }

  /**
   * @param version which version to use, 0 for the latest
   */
  Sealed encrypt(byte[] plaintext, int version) {
    int used = version == 0 ? latestVersion() : version;
    if (used < 0) {
      throw VaultRefusal.badRequest("requested version for encryption is negative");
    }
    if (used > latestVersion()) {
      throw VaultRefusal.badRequest(
          "requested version for encryption is higher than the latest key version");
    }
    if (used < minEncryptionVersion) {
      throw VaultRefusal.badRequest(
          "requested version for encryption is less than the minimum encryption key version");
    }
    byte[] nonce = new byte[NONCE_BYTES];
    RANDOM.nextBytes(nonce);
    try {
      byte[] encrypted = cipher(Cipher.ENCRYPT_MODE, used, nonce).doFinal(plaintext);
      byte[] whole = Arrays.copyOf(nonce, NONCE_BYTES + encrypted.length);
      System.arraycopy(encrypted, 0, whole, NONCE_BYTES, encrypted.length);
      return new Sealed(PREFIX + used + ":" + Base64.getEncoder().encodeToString(whole), used);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM is not to be had", e);
    }
  }

  byte[] decrypt(String ciphertext) {
    if (!ciphertext.startsWith(PREFIX)) {
      throw VaultRefusal.badRequest("invalid ciphertext: no prefix");
    }
    String[] parts = ciphertext.substring(PREFIX.length()).split(":", 2);
    if (parts.length != 2) {
      throw VaultRefusal.badRequest("invalid ciphertext: wrong number of fields");
    }
    int version = version(parts[0]);
    byte[] whole = bytes(parts[1]);
    if (whole.length < NONCE_BYTES + TAG_BITS / 8) {
      throw VaultRefusal.badRequest("invalid ciphertext: length too short");
    }
    try {
      return cipher(Cipher.DECRYPT_MODE, version, Arrays.copyOf(whole, NONCE_BYTES))
          .doFinal(whole, NONCE_BYTES, whole.length - NONCE_BYTES);
    } catch (GeneralSecurityException e) {
      throw VaultRefusal.badRequest("invalid ciphertext: unable to decrypt");
    }
  }

  private int version(String text) {
    int version;
    try {
      version = Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw VaultRefusal.badRequest("invalid ciphertext: version number could not be decoded");
    }
    if (version > latestVersion()) {
      throw VaultRefusal.badRequest("invalid ciphertext: version is too new");
    }
    if (version < minDecryptionVersion) {
      throw VaultRefusal.badRequest(
          "ciphertext or signature version is disallowed by policy (too old)");
    }
    return version;
  }

  private static byte[] bytes(String base64) {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw VaultRefusal.badRequest("invalid ciphertext: could not decode base64");
    }
  }

  private Cipher cipher(int mode, int version, byte[] nonce) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, versions.get(version).key(), new GCMParameterSpec(TAG_BITS, nonce));
    return cipher;
  }

  void configure(VaultFields fields) {
    int decryption =
        Math.max(1, fields.integer("min_decryption_version").orElse(minDecryptionVersion));
    int encryption = fields.integer("min_encryption_version").orElse(minEncryptionVersion);
    requireKnown("decryption", decryption);
    requireKnown("encryption", encryption);
    if (encryption != 0 && encryption < decryption) {
      throw VaultRefusal.badRequest(
          "cannot set min encryption/decryption values; min encryption version of "
              + encryption
              + " must be greater than or equal to min decryption version of "
              + decryption);
    }
    minDecryptionVersion = decryption;
    minEncryptionVersion = encryption;
    deletionAllowed = fields.flag("deletion_allowed", deletionAllowed);
  }

  private void requireKnown(String what, int version) {
    if (version < 0) {
      throw VaultRefusal.badRequest("min " + what + " version cannot be negative");
    }
    if (version > latestVersion()) {
      throw VaultRefusal.badRequest(
          "cannot set min %s version of %d, latest key version is %d"
              .formatted(what, version, latestVersion()));
    }
  }

  JsonObject describe() {
    JsonObject keys = new JsonObject();
    versions
        .tailMap(minDecryptionVersion)
        .forEach((number, version) -> keys.put("" + number, version.created().getEpochSecond()));
    return new JsonObject()
        .put("name", name)
        .put("type", "aes256-gcm96")
        .put("latest_version", latestVersion())
        .put("keys", keys)
        .put("min_decryption_version", minDecryptionVersion)
        .put("min_encryption_version", minEncryptionVersion)
        .put("min_available_version", 0)
        .put("deletion_allowed", deletionAllowed)
        .put("exportable", false)
        .put("allow_plaintext_backup", false)
        .put("derived", false)
        .put("auto_rotate_period", 0)
        .put("imported_key", false)
        .put("supports_encryption", true)
        .put("supports_decryption", true)
        .put("supports_derivation", true)
        .put("supports_signing", false);
  }
}
