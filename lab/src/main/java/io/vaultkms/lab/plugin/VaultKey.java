package io.vaultkms.lab.plugin;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vaultkms.lab.plugin.VaultHttp.Answer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Transit key in Vault that wraps what the API server gives the plugin. */
final class VaultKey {
  private static final Pattern VERSION = Pattern.compile("^vault:v(\\d{1,9}):");
  private static final int KEY_ID_BYTES = 12;

  private final VaultSession session;
  private final PluginFlags flags;

  /** A ciphertext, and the version of the key that really made it. */
  record Wrapped(String ciphertext, int version) {}

  VaultKey(VaultSession session, PluginFlags flags) {
    this.session = session;
    this.flags = flags;
  }

  int latestVersion(TimeLimit limit) throws VaultFailure {
    Answer answer = session.call("GET", flags.key().read(), flags.namespace(), null, limit);
    if (answer.part("data").get("latest_version") instanceof Long version) {
      return Math.toIntExact(version);
    }
    throw VaultFailure.unreachable("Vault answered without a version of " + flags.key().read());
  }

  Wrapped encrypt(byte[] plaintext, TimeLimit limit) throws VaultFailure {
    Map<String, String> body = Map.of("plaintext", Base64.getEncoder().encodeToString(plaintext));
    Answer answer = session.call("POST", flags.key().encrypt(), flags.namespace(), body, limit);
    if (answer.part("data").get("ciphertext") instanceof String ciphertext) {
      Matcher version = VERSION.matcher(ciphertext);
      if (version.find()) {
        return new Wrapped(ciphertext, Integer.parseInt(version.group(1)));
      }
    }
    throw VaultFailure.unreachable("Vault answered encrypt without a ciphertext");
  }

  byte[] decrypt(String ciphertext, TimeLimit limit) throws VaultFailure {
    Map<String, String> body = Map.of("ciphertext", ciphertext);
    Answer answer = session.call("POST", flags.key().decrypt(), flags.namespace(), body, limit);
    if (answer.part("data").get("plaintext") instanceof String plaintext) {
      return Base64.getDecoder().decode(plaintext);
    }
    throw VaultFailure.unreachable("Vault answered decrypt without a plaintext");
  }

  /** Asks for the license, which only an Enterprise Vault has; in the token's own namespace. */
  void checkLicense(TimeLimit limit) throws VaultFailure {
    session.call("GET", "sys/license/status", flags.authNamespace(), null, limit);
  }

  /**
   * What names this version of this key to the API server: opaque, and never the same as another.
   */
  String keyId(int version) {
    String whole =
        String.join(
            "\n",
            flags.vaultAddress().toString(),
            flags.namespace(),
            flags.key().read(),
            "" + version);
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(whole.getBytes(UTF_8));
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(Arrays.copyOf(hash, KEY_ID_BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
