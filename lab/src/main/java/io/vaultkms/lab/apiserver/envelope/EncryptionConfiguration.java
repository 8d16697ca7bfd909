package io.vaultkms.lab.apiserver.envelope;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** An EncryptionConfiguration file, read and checked as kube-apiserver does. */
record EncryptionConfiguration(String apiVersion, String kind, List<ResourceEntry> resources) {
  private static final ObjectMapper YAML =
      YAMLMapper.builder().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  record ResourceEntry(List<String> resources, List<ProviderEntry> providers) {
    ResourceEntry {
      resources = resources == null ? List.of() : List.copyOf(resources);
      providers = providers == null ? List.of() : List.copyOf(providers);
    }
  }

  record ProviderEntry(
      @Nullable JsonNode identity,
      @Nullable LocalKeys aescbc,
      @Nullable LocalKeys aesgcm,
      @Nullable JsonNode secretbox,
      @Nullable Kms kms) {}

  record LocalKeys(List<LocalKey> keys) {
    LocalKeys {
      keys = keys == null ? List.of() : List.copyOf(keys);
    }
  }

  record LocalKey(String name, String secret) {
    byte[] bytes() {
      return Base64.getDecoder().decode(secret);
    }

    @Override
    public String toString() {
      return "LocalKey[" + name + "]";
    }
  }

  record Kms(
      String apiVersion,
      String name,
      String endpoint,
      @Nullable String timeout,
      @JsonProperty("cachesize") @Nullable Integer cacheSize) {
    Path socket() {
      return Path.of(endpoint.substring("unix://".length()));
    }

    Duration limit() {
      return timeout == null ? Duration.ofSeconds(3) : goDuration(timeout);
    }
  }

  EncryptionConfiguration {
    resources = resources == null ? List.of() : List.copyOf(resources);
  }

  /**
   * Parses JSON or YAML.
   *
   * @throws IllegalArgumentException saying in one sentence what is wrong, never naming a secret
   */
  static EncryptionConfiguration parse(byte[] file) {
    EncryptionConfiguration parsed;
    try {
      parsed = YAML.readValue(file, EncryptionConfiguration.class);
    } catch (UnrecognizedPropertyException e) {
      throw new IllegalArgumentException("unknown field \"" + e.getPropertyName() + "\"");
    } catch (JsonProcessingException e) {
      // The message of a parser may quote the file, which holds keys.
      throw new IllegalArgumentException(
          "the file is not an EncryptionConfiguration, see line "
              + (e.getLocation() == null ? "?" : e.getLocation().getLineNr()));
    } catch (IOException e) {
      throw new IllegalArgumentException("the file cannot be read: " + e.getMessage());
    }
    if (parsed == null) {
      throw new IllegalArgumentException("the file is empty");
    }
    parsed.check();
    return parsed;
  }

  private void check() {
    require(
        "apiserver.config.k8s.io/v1".equals(apiVersion),
        "apiVersion is '%s', it must be apiserver.config.k8s.io/v1".formatted(apiVersion));
    require(
        "EncryptionConfiguration".equals(kind),
        "kind is '%s', it must be EncryptionConfiguration".formatted(kind));
    require(!resources.isEmpty(), "resources is empty, it must have an entry");
    Set<String> names = new HashSet<>();
    for (int i = 0; i < resources.size(); i++) {
      ResourceEntry entry = resources.get(i);
      String at = "resources[" + i + "]";
      require(!entry.resources().isEmpty(), at + ".resources is empty, it must name a resource");
      require(!entry.providers().isEmpty(), at + ".providers is empty, it must have a provider");
      for (int j = 0; j < entry.providers().size(); j++) {
        check(entry.providers().get(j), at + ".providers[" + j + "]", names);
      }
    }
  }

  private static void check(ProviderEntry provider, String at, Set<String> kmsNames) {
    require(provider.secretbox() == null, at + ".secretbox is not supported by this API server");
    long kinds =
        Stream.of(provider.identity(), provider.aescbc(), provider.aesgcm(), provider.kms())
            .filter(each -> each != null)
            .count();
    require(kinds == 1, at + " has " + kinds + " providers, it must have exactly one");
    checkKeys(provider.aescbc(), at + ".aescbc");
    checkKeys(provider.aesgcm(), at + ".aesgcm");
    if (provider.kms() != null) {
      check(provider.kms(), at + ".kms", kmsNames);
    }
  }

  private static void checkKeys(@Nullable LocalKeys keys, String at) {
    if (keys == null) {
      return;
    }
    require(!keys.keys().isEmpty(), at + ".keys is empty, it must have a key");
    for (LocalKey key : keys.keys()) {
      require(key.name() != null && !key.name().isEmpty(), at + " has a key without a name");
      int length;
      try {
        length = key.bytes().length;
      } catch (IllegalArgumentException | NullPointerException e) {
        throw new IllegalArgumentException(
            at + ": the secret of key " + key.name() + " is not base64");
      }
      require(
          length == 16 || length == 24 || length == 32,
          at + ": the secret of key " + key.name() + " has " + length + " bytes, not 16, 24 or 32");
    }
  }

  private static void check(Kms kms, String at, Set<String> names) {
    require("v2".equals(kms.apiVersion()), at + ".apiVersion is not v2, the only one supported");
    require(kms.name() != null && !kms.name().isEmpty(), at + ".name is empty");
    require(!kms.name().contains(":"), at + ".name has a ':', which ends the name in stored data");
    require(names.add(kms.name()), at + ".name is " + kms.name() + ", which is taken already");
    require(
        kms.endpoint() != null && kms.endpoint().startsWith("unix:///"),
        at + ".endpoint must begin with unix:///");
    require(kms.cacheSize() == null, at + ".cachesize is not supported by KMS v2");
    require(kms.limit().toMillis() > 0, at + ".timeout must be more than nothing");
  }

  private static void require(boolean held, String sentence) {
    if (!held) {
      throw new IllegalArgumentException(sentence);
    }
  }

  private static final Pattern GO_DURATION = Pattern.compile("(\\d+(?:\\.\\d+)?)(ms|s|m|h)");

  /** A duration as Go writes it, {@code 10s} or {@code 1m30s}. */
  static Duration goDuration(String text) {
    Matcher parts = GO_DURATION.matcher(text);
    double millis = 0;
    int end = 0;
    while (parts.find() && parts.start() == end) {
      double number = Double.parseDouble(parts.group(1));
      millis +=
          number
              * switch (parts.group(2)) {
                case "ms" -> 1;
                case "s" -> 1_000;
                case "m" -> 60_000;
                default -> 3_600_000;
              };
      end = parts.end();
    }
    require(end > 0 && end == text.length(), "timeout is '" + text + "', write it as 10s or 1m30s");
    return Duration.ofMillis((long) millis);
  }
}
