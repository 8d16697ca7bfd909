package io.vaultkms.deployer.agent;

import io.vaultkms.platform.kms.KmsPlugin;
import io.vaultkms.platform.kms.KmsPlugin.PluginStatus;
import io.vaultkms.platform.kms.KmsPlugin.Wrapped;
import io.vaultkms.platform.kms.KmsPluginException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/**
 * A round trip through a plugin: Status, Encrypt of 32 random bytes, Decrypt. A plugin that only
 * says it is well may have lost its Vault.
 */
final class Probe {
  private static final Duration TIMEOUT = Duration.ofSeconds(5);
  private static final int BYTES = 32;

  /** With the step's name before it, a reason fits the 1024 characters of a report's detail. */
  private static final int MOST_DETAIL = 1000;

  /** What the KMS contract allows, and a report can hold. */
  private static final int MOST_KEY_ID_BYTES = 1024;

  private final SecureRandom random = new SecureRandom();

  /** What came of it. */
  sealed interface Result {
    /** All three calls did what they should; times in milliseconds. */
    record Passed(String remoteKeyId, long statusMillis, long encryptMillis, long decryptMillis)
        implements Result {}

    /**
     * A call failed.
     *
     * @param reachable whether the plugin answers at all
     * @param definite whether somebody who knows says so, the plugin itself or the kubelet, and not
     *     only a limit of time
     */
    record Failed(String step, String reason, boolean reachable, boolean definite)
        implements Result {
      Failed(String step, String reason, boolean reachable) {
        this(step, reason, reachable, reachable);
      }

      /** The same fit for a report. */
      Failed masked(UnaryOperator<String> masked) {
        return new Failed(step, shorten(masked.apply(reason)), reachable, definite);
      }
    }
  }

  /**
   * Blocks for some seconds at most.
   *
   * @param masked takes credentials out of what the plugin says; whole, before it is made shorter
   */
  Result ask(Path socket, UnaryOperator<String> masked) {
    if (!Files.exists(socket)) {
      return new Result.Failed("Start", "the plugin has not opened its socket", false);
    }
    try (KmsPlugin plugin = new KmsPlugin(socket, TIMEOUT)) {
      return switch (roundTrip(plugin)) {
        case Result.Passed passed -> passed;
        case Result.Failed failed -> failed.masked(masked);
      };
    }
  }

  private Result roundTrip(KmsPlugin plugin) {
    long start = System.nanoTime();
    PluginStatus status;
    try {
      status = plugin.status();
    } catch (KmsPluginException e) {
      return new Result.Failed("Status", words(e), false);
    }
    if (!status.healthy()) {
      return new Result.Failed("Status", status.healthz(), true);
    }
    int keyIdBytes = status.keyId().getBytes(StandardCharsets.UTF_8).length;
    if (keyIdBytes < 1 || keyIdBytes > MOST_KEY_ID_BYTES) {
      return new Result.Failed(
          "Status", "the key id has %d bytes and must have 1 to 1024".formatted(keyIdBytes), true);
    }
    byte[] plaintext = new byte[BYTES];
    random.nextBytes(plaintext);
    long afterStatus = System.nanoTime();
    Wrapped wrapped;
    try {
      wrapped = plugin.encrypt(plaintext, "probe");
    } catch (KmsPluginException e) {
      return new Result.Failed("Encrypt", words(e), true);
    }
    if (Arrays.equals(wrapped.ciphertext(), plaintext)) {
      return new Result.Failed("Encrypt", "the plugin answered with the plaintext", true);
    }
    long afterEncrypt = System.nanoTime();
    try {
      if (!Arrays.equals(plugin.decrypt(wrapped, "probe"), plaintext)) {
        return new Result.Failed("Decrypt", "the plugin answered with another plaintext", true);
      }
    } catch (KmsPluginException e) {
      return new Result.Failed("Decrypt", words(e), true);
    }
    return new Result.Passed(
        status.keyId(),
        (afterStatus - start) / 1_000_000,
        (afterEncrypt - afterStatus) / 1_000_000,
        (System.nanoTime() - afterEncrypt) / 1_000_000);
  }

  private static String words(KmsPluginException e) {
    return String.valueOf(e.getMessage());
  }

  /** What fits a report; masked before, or half of a credential may be left at the cut. */
  static String shorten(String text) {
    return text.length() <= MOST_DETAIL ? text : text.substring(0, MOST_DETAIL);
  }
}
