package io.vaultkms.deployer.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.vaultkms.model.bundle.Bundle;
import io.vaultkms.model.bundle.Bundle.KeyContent;
import io.vaultkms.model.bundle.ResourceKeys;
import io.vaultkms.model.config.Mode;
import io.vaultkms.platform.json.Json;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class EncryptionConfigurationTest {
  private static final long PLAIN = 0;

  static List<Arguments> table() {
    return List.of(
        row(
            "plaintext without a key is written and read by identity alone",
            secrets(PLAIN, Map.of()),
            "secrets: identity"),
        row(
            "a first key can only read at first, and identity goes on writing",
            secrets(PLAIN, Map.of(1L, Mode.KMS)),
            "secrets: identity, kms 1_secrets"),
        row(
            "the write key comes first and identity follows as a fallback",
            secrets(1, Map.of(1L, Mode.KMS)),
            "secrets: kms 1_secrets, identity"),
        row(
            "a second key that can only read comes after the one that writes",
            secrets(1, Map.of(1L, Mode.KMS, 2L, Mode.KMS)),
            "secrets: kms 1_secrets, kms 2_secrets, identity"),
        row(
            "after the write key the others read, newest first",
            secrets(2, Map.of(1L, Mode.KMS, 2L, Mode.KMS, 3L, Mode.AESCBC)),
            "secrets: kms 2_secrets, aescbc 3, kms 1_secrets, identity"),
        row(
            "local keys have their number for a name",
            secrets(2, Map.of(1L, Mode.AESCBC, 2L, Mode.AESGCM)),
            "secrets: aesgcm 2, aescbc 1, identity"),
        row(
            "when identity writes under a key of its own, its number stands at the very end",
            secrets(2, Map.of(1L, Mode.KMS, 2L, Mode.IDENTITY)),
            "secrets: identity, kms 1_secrets, aesgcm 2 of zeros"),
        row(
            "a key of mode identity that does not write yet keeps its number at the very end",
            secrets(1, Map.of(1L, Mode.KMS, 2L, Mode.IDENTITY)),
            "secrets: kms 1_secrets, identity, aesgcm 2 of zeros"),
        row(
            "after switching on again an old key of mode identity stays behind identity",
            secrets(3, Map.of(2L, Mode.IDENTITY, 3L, Mode.KMS)),
            "secrets: kms 3_secrets, identity, aesgcm 2 of zeros"),
        row(
            "each resource has one entry of its own, sorted by name, and providers of its own",
            new Bundle(
                resources(
                    Map.of(
                        "secrets", keys(1, 1),
                        "configmaps", keys(PLAIN, 1),
                        "routes.route.openshift.io", keys(1, 1))),
                contents(Map.of(1L, Mode.KMS))),
            "configmaps: identity, kms 1_configmaps",
            "routes.route.openshift.io: kms 1_routes, identity",
            "secrets: kms 1_secrets, identity"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("table")
  void ordersProviders(String title, Bundle bundle, List<String> entries) {
    assertThat(entries(EncryptionConfiguration.of(bundle, id -> material(id)))).isEqualTo(entries);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("table")
  void neverDropsIdentityAndHasItOnce(String title, Bundle bundle, List<String> entries) {
    for (JsonNode entry :
        EncryptionConfiguration.of(bundle, id -> material(id)).path("resources")) {
      assertThat(entry.path("providers"))
          .filteredOn(provider -> provider.has("identity"))
          .hasSize(1);
    }
  }

  @Test
  void isTheDocumentOfTheContractToTheLetter() {
    Bundle bundle = secrets(2, Map.of(1L, Mode.AESCBC, 2L, Mode.KMS));

    assertThat(Json.write(EncryptionConfiguration.of(bundle, id -> material(id))))
        .isEqualTo(
            """
            {"apiVersion":"apiserver.config.k8s.io/v1","kind":"EncryptionConfiguration",\
            "resources":[{"resources":["secrets"],"providers":[\
            {"kms":{"apiVersion":"v2","name":"2_secrets",\
            "endpoint":"unix:///var/run/kmsplugin/kms-2.sock","timeout":"10s"}},\
            {"aescbc":{"keys":[{"name":"1",\
            "secret":"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="}]}},\
            {"identity":{}}]}]}\
            """);
  }

  @Test
  void aKeySecretHoldsItsKmsProviderAndNothingElse() {
    assertThat(Json.write(EncryptionConfiguration.ofKms(7)))
        .contains(
            """
            "providers":[{"kms":{"apiVersion":"v2","name":"7",\
            "endpoint":"unix:///var/run/kmsplugin/kms-7.sock","timeout":"10s"}}]\
            """);
  }

  @Test
  void neverGivesTwoKmsProvidersOneName() {
    assertThatThrownBy(() -> EncryptionConfiguration.of(certificates(Mode.KMS, 1, 1), id -> none()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "certificates.cert-manager.io and certificates.knative.dev must differ before the first"
                + " dot: both would have the KMS provider 1_certificates, which API servers"
                + " refuse");
  }

  @Test
  void resourcesMayDifferInTheirGroupAloneWhileTheirProvidersHaveDifferentNames() {
    assertThat(entries(EncryptionConfiguration.of(certificates(Mode.KMS, 1, 2), id -> none())))
        .containsExactly(
            "certificates.cert-manager.io: kms 1_certificates, identity",
            "certificates.knative.dev: kms 2_certificates, identity");
    assertThat(
            entries(
                EncryptionConfiguration.of(certificates(Mode.AESGCM, 1, 1), id -> material(id))))
        .hasSize(2);
  }

  private static Bundle certificates(Mode mode, long one, long other) {
    return new Bundle(
        resources(
            Map.of(
                "certificates.cert-manager.io", keys(one, one),
                "certificates.knative.dev", keys(other, other))),
        contents(one == other ? Map.of(one, mode) : Map.of(one, mode, other, mode)));
  }

  private static byte[] none() {
    throw new AssertionError("a KMS key has no material");
  }

  private static Arguments row(String title, Bundle bundle, String... entries) {
    return Arguments.of(title, bundle, List.of(entries));
  }

  private static Bundle secrets(long write, Map<Long, Mode> modes) {
    long[] ids = modes.keySet().stream().mapToLong(id -> id).toArray();
    return new Bundle(resources(Map.of("secrets", keys(write, ids))), contents(modes));
  }

  private static ResourceKeys keys(long write, long... read) {
    return new ResourceKeys(
        write == PLAIN ? OptionalLong.empty() : OptionalLong.of(write),
        new TreeSet<>(LongStream.of(read).boxed().toList()));
  }

  private static SortedMap<String, ResourceKeys> resources(Map<String, ResourceKeys> resources) {
    return new TreeMap<>(resources);
  }

  private static SortedMap<Long, KeyContent> contents(Map<Long, Mode> modes) {
    SortedMap<Long, KeyContent> contents = new TreeMap<>();
    modes.forEach((id, mode) -> contents.put(id, new KeyContent(mode, Optional.empty())));
    return contents;
  }

  private static byte[] material(long keyId) {
    byte[] material = new byte[32];
    Arrays.fill(material, (byte) keyId);
    return material;
  }

  /** One line for each entry; a local key that does not hold what it should is named so. */
  private static List<String> entries(JsonNode document) {
    Map<String, List<String>> entries = new LinkedHashMap<>();
    for (JsonNode entry : document.path("resources")) {
      assertThat(entry.path("resources")).hasSize(1);
      List<String> providers = new ArrayList<>();
      entry.path("providers").forEach(provider -> providers.add(provider(provider)));
      assertThat(entries.put(entry.path("resources").get(0).asText(), providers)).isNull();
    }
    return entries.entrySet().stream()
        .map(entry -> entry.getKey() + ": " + String.join(", ", entry.getValue()))
        .toList();
  }

  private static String provider(JsonNode provider) {
    assertThat(provider).hasSize(1);
    String kind = provider.fieldNames().next();
    JsonNode body = provider.path(kind);
    return switch (kind) {
      case "identity" -> "identity";
      case "kms" -> "kms " + body.path("name").asText();
      default -> local(kind, body.path("keys"));
    };
  }

  private static String local(String kind, JsonNode keys) {
    assertThat(keys).hasSize(1);
    String name = keys.get(0).path("name").asText();
    byte[] secret = Base64.getDecoder().decode(keys.get(0).path("secret").asText());
    if (Arrays.equals(secret, new byte[16])) {
      return kind + " " + name + " of zeros";
    }
    assertThat(secret).isEqualTo(material(Long.parseLong(name)));
    return kind + " " + name;
  }
}
