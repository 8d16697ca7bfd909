package io.vaultkms.deployer.contract;

import com.fasterxml.jackson.databind.JsonNode;
import io.vaultkms.model.bundle.Bundle;
import io.vaultkms.model.bundle.Bundle.KeyContent;
import io.vaultkms.model.bundle.ResourceKeys;
import io.vaultkms.model.config.Handshake;
import io.vaultkms.model.config.Mode;
import io.vaultkms.platform.cluster.Contract;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Reads a bundle out of its data alone, whoever wrote it: this project or OpenShift's operators.
 * The first provider of a resource writes; where that is identity, the first key of mode identity
 * behind it does, which the API servers know as {@code aesgcm} with an empty secret.
 */
final class BundleReader {
  private final Map<String, String> data;
  private final SortedMap<Long, KeyContent> keys = new TreeMap<>();
  private final SortedMap<Long, byte[]> materials = new TreeMap<>();
  private final SortedMap<String, ResourceKeys> resources = new TreeMap<>();

  private BundleReader(Map<String, String> data) {
    this.data = data;
    document(data)
        .path("resources")
        .forEach(
            entry ->
                entry
                    .path("resources")
                    .forEach(
                        name ->
                            resources.put(
                                name.asText(), resource(name.asText(), entry.path("providers")))));
  }

  /**
   * The bundle.
   *
   * @throws IllegalArgumentException when the data holds what no bundle holds; says what
   */
  static Bundle bundle(Map<String, String> data) {
    BundleReader reader = new BundleReader(data);
    return new Bundle(reader.resources, reader.keys);
  }

  /** The secret of a key of a local mode; empty when the document has none under that number. */
  static Optional<byte[]> material(Map<String, String> data, long keyId) {
    return Optional.ofNullable(new BundleReader(data).materials.get(keyId));
  }

  private static JsonNode document(Map<String, String> data) {
    String text = data.get(Contract.ENCRYPTION_CONFIG);
    if (text == null) {
      throw new IllegalArgumentException("a bundle without " + Contract.ENCRYPTION_CONFIG);
    }
    return EncryptionConfiguration.read(Base64.getDecoder().decode(text));
  }

  private ResourceKeys resource(String name, JsonNode providers) {
    TreeSet<Long> readers = new TreeSet<>();
    OptionalLong writer = OptionalLong.empty();
    for (int i = 0; i < providers.size(); i++) {
      OptionalLong key = provider(name, providers.get(i));
      if (key.isEmpty()) {
        continue;
      }
      readers.add(key.getAsLong());
      boolean plain = keys.get(key.getAsLong()).mode() == Mode.IDENTITY;
      writer = i == 0 || plain && writer.isEmpty() ? key : writer;
    }
    return new ResourceKeys(writer, readers);
  }

  /** The key that a provider stands for; empty for identity, which stands for none. */
  private OptionalLong provider(String resource, JsonNode provider) {
    String kind = provider.fieldNames().hasNext() ? provider.fieldNames().next() : "";
    JsonNode body = provider.path(kind);
    return switch (kind) {
      case "identity" -> OptionalLong.empty();
      case "kms" -> OptionalLong.of(kms(resource, body.path("name").asText()));
      case "aescbc" -> OptionalLong.of(local(resource, kind, Mode.AESCBC, body.path("keys")));
      case "aesgcm" -> OptionalLong.of(local(resource, kind, Mode.AESGCM, body.path("keys")));
      default ->
          throw new IllegalArgumentException(
              ("resource %s has a provider '%s', which is not known here: let those who wrote it"
                      + " migrate to identity, aescbc, aesgcm or kms first, and take it out")
                  .formatted(resource, kind));
    };
  }

  private long kms(String resource, String name) {
    int end = name.indexOf('_');
    long id = number(resource, end < 0 ? name : name.substring(0, end));
    keys.computeIfAbsent(
        id,
        unknown -> {
          KeyData key = KeyData.fromBundle(data, id);
          return new KeyContent(Mode.KMS, Optional.of(Handshake.of(key.kms(), key.data())));
        });
    return id;
  }

  private long local(String resource, String kind, Mode mode, JsonNode list) {
    if (list.size() != 1) {
      throw new IllegalArgumentException(
          "provider %s of resource %s has %d keys, and must have one"
              .formatted(kind, resource, list.size()));
    }
    long id = number(resource, list.get(0).path("name").asText());
    String secret = list.get(0).path("secret").asText();
    boolean empty = mode == Mode.AESGCM && secret.equals(EncryptionConfiguration.EMPTY_KEY);
    keys.put(id, new KeyContent(empty ? Mode.IDENTITY : mode, Optional.empty()));
    if (!empty) {
      materials.put(id, Base64.getDecoder().decode(secret));
    }
    return id;
  }

  private static long number(String resource, String text) {
    if (!text.matches("[1-9]\\d{0,17}")) {
      throw new IllegalArgumentException(
          "resource %s has a provider named '%s', which is no key number"
              .formatted(resource, text));
    }
    return Long.parseLong(text);
  }
}
