package io.vaultkms.deployer.agent;

import io.vaultkms.deployer.contract.KeyData;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Pattern;

/** Takes credentials out of words that go to reports, events and logs. */
final class Credentials {
  private static final String TAKEN_OUT = "***";
  private static final Pattern VAULT_TOKEN = Pattern.compile("\\bhv[sbr]\\.[\\w-]{8,}");

  private Credentials() {}

  /** Without what a key's plugin was given, its base64, and any token of Vault. */
  static String out(String words, KeyData key) {
    String masked = words;
    for (Map.Entry<String, byte[]> entry : key.data().entries().entrySet()) {
      String value = new String(entry.getValue(), StandardCharsets.UTF_8).strip();
      if (entry.getKey().startsWith("secret-") && !value.isEmpty()) {
        masked = masked.replace(value, TAKEN_OUT).replace(base64(value), TAKEN_OUT);
      }
    }
    return tokensOut(masked);
  }

  /** Without any token of Vault: all there is to do where no credentials are known. */
  static String tokensOut(String words) {
    return VAULT_TOKEN.matcher(words).replaceAll(TAKEN_OUT);
  }

  private static String base64(String value) {
    return Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8));
  }
}
