package io.vaultkms.deployer.contract;

import io.vaultkms.model.config.KmsProvider;
import io.vaultkms.model.config.KmsSpec;
import io.vaultkms.model.config.ReferencedData;
import io.vaultkms.platform.cluster.Contract;
import io.vaultkms.platform.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A KMS key's configuration and credentials as the data of a Secret, in three places with three
 * suffixes: the key Secret, the bundle (where {@code -<keyID>} follows each name) and the preflight
 * request. Holds secrets; never shown.
 */
public record KeyData(KmsProvider kms, ReferencedData data) {
  /** The data of a key Secret or of a preflight request, base64 as Secrets have it. */
  Map<String, String> toSecret() {
    return entries(Contract.DATA_PREFIX, "");
  }

  /** The data in a bundle. */
  Map<String, String> toBundle(long keyId) {
    return entries("", "-" + keyId);
  }

  /** Reads what {@link #toSecret} wrote. */
  public static KeyData fromSecret(Map<String, String> data) {
    return read(data, Contract.DATA_PREFIX, "");
  }

  /** Reads what {@link #toBundle} wrote. */
  public static KeyData fromBundle(Map<String, String> data, long keyId) {
    return read(data, "", "-" + keyId);
  }

  private Map<String, String> entries(String prefix, String suffix) {
    Map<String, String> entries = new LinkedHashMap<>();
    entries.put(
        prefix + Contract.KMS_PLUGIN_CONFIG + suffix,
        encode(Json.write(kms).getBytes(StandardCharsets.UTF_8)));
    data.entries()
        .forEach(
            (name, value) ->
                entries.put(prefix + Contract.KMS_PLUGIN + name + suffix, encode(value)));
    return entries;
  }

  private static KeyData read(Map<String, String> data, String prefix, String suffix) {
    String config = data.get(prefix + Contract.KMS_PLUGIN_CONFIG + suffix);
    if (config == null) {
      throw new IllegalArgumentException(
          "a Secret without " + prefix + Contract.KMS_PLUGIN_CONFIG + suffix);
    }
    KmsProvider kms = Json.read(new String(decode(config), StandardCharsets.UTF_8), KmsSpec.class);
    SortedMap<String, byte[]> entries = new TreeMap<>();
    for (var reference : kms.references()) {
      for (String dataKey : reference.dataKeys()) {
        String entry = reference.entry(dataKey);
        String value = data.get(prefix + Contract.KMS_PLUGIN + entry + suffix);
        if (value != null) {
          entries.put(entry, decode(value));
        }
      }
    }
    return new KeyData(kms, new ReferencedData(entries));
  }

  private static String encode(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static byte[] decode(String text) {
    return Base64.getDecoder().decode(text);
  }
}
