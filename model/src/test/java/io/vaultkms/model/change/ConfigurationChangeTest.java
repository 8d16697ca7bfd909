package io.vaultkms.model.change;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaultkms.model.config.KmsProvider;
import io.vaultkms.model.config.KmsSpec;
import io.vaultkms.model.config.Mode;
import io.vaultkms.model.config.NameReference;
import io.vaultkms.model.config.VaultSpec;
import io.vaultkms.model.decision.Wanted;
import io.vaultkms.model.event.ConfigChange;
import io.vaultkms.model.event.ConfigChanged;
import io.vaultkms.model.event.FieldChange;
import io.vaultkms.model.key.EncryptionKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ConfigurationChangeTest {
  private static final String IMAGE = "registry.example.com/vault@sha256:" + "a".repeat(64);
  private static final KnownConfiguration VAULT = remote(Vault.STANDARD, "hash-1");

  static List<Arguments> changes() {
    return List.of(
        row(
            "nothing, and still nothing",
            local(Mode.IDENTITY),
            local(Mode.IDENTITY),
            ConfigChange.NONE),
        row(
            "plaintext to Vault",
            KnownConfiguration.PLAINTEXT,
            VAULT,
            ConfigChange.ENABLE,
            modeAndAllFields()),
        row(
            "plaintext to a local key",
            local(Mode.IDENTITY),
            local(Mode.AESGCM),
            ConfigChange.ENABLE,
            "mode"),
        row(
            "Vault to plaintext",
            VAULT,
            local(Mode.IDENTITY),
            ConfigChange.DISABLE,
            modeAndAllFields()),
        row(
            "a local key to Vault",
            local(Mode.AESCBC),
            VAULT,
            ConfigChange.NEW_KEY,
            modeAndAllFields()),
        row(
            "one local mode to the other",
            local(Mode.AESCBC),
            local(Mode.AESGCM),
            ConfigChange.NEW_KEY,
            "mode"),
        row("the same document again", VAULT, VAULT, ConfigChange.NONE),
        row(
            "another key path",
            VAULT,
            remote(Vault.STANDARD.keyPath("transit/keys/other"), "hash-2"),
            ConfigChange.NEW_KEY,
            "vault.vaultKeyPath"),
        row(
            "another address",
            VAULT,
            remote(Vault.STANDARD.address("https://other.example.com"), "hash-2"),
            ConfigChange.NEW_KEY,
            "vault.vaultAddress"),
        row(
            "a namespace where there was none",
            VAULT,
            remote(Vault.STANDARD.namespace("team"), "hash-2"),
            ConfigChange.NEW_KEY,
            "vault.vaultNamespace"),
        row(
            "another image",
            VAULT,
            remote(Vault.STANDARD.image(IMAGE.replace("aa", "bb")), "hash-2"),
            ConfigChange.IN_PLACE,
            "vault.kmsPluginImage"),
        row(
            "another Secret with the credentials",
            VAULT,
            remote(Vault.STANDARD.secret("other"), "hash-2"),
            ConfigChange.IN_PLACE,
            "vault.authentication.appRole.secret.name"),
        row(
            "another image and another key",
            VAULT,
            remote(
                Vault.STANDARD.image(IMAGE.replace("aa", "bb")).keyPath("transit/keys/other"),
                "hash-2"),
            ConfigChange.NEW_KEY,
            "vault.kmsPluginImage",
            "vault.vaultKeyPath"),
        row(
            "other contents of the same Secret",
            VAULT,
            remote(Vault.STANDARD, "hash-2"),
            ConfigChange.CREDENTIALS,
            ConfigurationChange.CONTENTS),
        row(
            "a key of which nobody noted the configuration",
            KnownConfiguration.of(key(Mode.KMS, Optional.empty())),
            VAULT,
            ConfigChange.NEW_KEY,
            VAULT.fields().keySet().toArray(String[]::new)),
        row(
            "a key that was minted for this configuration",
            KnownConfiguration.of(key(Mode.KMS, Optional.of(Vault.STANDARD.spec()))),
            VAULT,
            ConfigChange.NONE));
  }

  @ParameterizedTest(name = "{0}: {3}")
  @MethodSource("changes")
  void tellsWhatAChangeAsksFor(
      String what,
      KnownConfiguration before,
      KnownConfiguration now,
      ConfigChange kind,
      List<String> fields) {
    ConfigurationChange change = ConfigurationChange.between(before, now);

    assertThat(change.kind()).isEqualTo(kind);
    assertThat(change.fields()).extracting(FieldChange::field).containsExactlyElementsOf(fields);
  }

  @Test
  void tellsFromWhatToWhat() {
    KnownConfiguration now = remote(Vault.STANDARD.keyPath("transit/keys/other"), "hash-2");

    assertThat(ConfigurationChange.between(VAULT, now).fields())
        .containsExactly(
            new FieldChange("vault.vaultKeyPath", "transit/keys/my-key", "transit/keys/other"));
  }

  @Test
  void comparesWithWhatAnEventTold() {
    ConfigChanged told =
        new ConfigChanged(
            "c",
            "kube-apiserver",
            Instant.EPOCH,
            1,
            "hash-1",
            ConfigChange.ENABLE,
            "KMS",
            VAULT.fields(),
            List.of());
    KnownConfiguration before = KnownConfiguration.of(told).orElseThrow();

    assertThat(ConfigurationChange.between(before, VAULT).kind()).isEqualTo(ConfigChange.NONE);
  }

  private static Arguments row(
      String what,
      KnownConfiguration before,
      KnownConfiguration now,
      ConfigChange kind,
      String... fields) {
    return Arguments.of(what, before, now, kind, List.of(fields));
  }

  private static String[] modeAndAllFields() {
    return Stream.concat(Stream.of(ConfigurationChange.MODE), VAULT.fields().keySet().stream())
        .toArray(String[]::new);
  }

  private static KnownConfiguration local(Mode mode) {
    return KnownConfiguration.of(new Wanted.Local(1, mode));
  }

  private static KnownConfiguration remote(Vault vault, String hash) {
    return KnownConfiguration.of(new Wanted.Remote(1, vault.spec(), Optional.of(hash)));
  }

  private static EncryptionKey key(Mode mode, Optional<KmsProvider> kms) {
    return new EncryptionKey(
        1, mode, kms, Optional.of("hash-1"), "", EncryptionKey.Migrated.NOTHING);
  }

  /** A Vault configuration that changes field by field. */
  private record Vault(
      String image, String address, String namespace, String keyPath, String secret) {
    static final Vault STANDARD =
        new Vault(
            IMAGE, "https://vault.example.com:8200", "", "transit/keys/my-key", "vault-approle");

    Vault image(String other) {
      return new Vault(other, address, namespace, keyPath, secret);
    }

    Vault address(String other) {
      return new Vault(image, other, namespace, keyPath, secret);
    }

    Vault namespace(String other) {
      return new Vault(image, address, other, keyPath, secret);
    }

    Vault keyPath(String other) {
      return new Vault(image, address, namespace, other, secret);
    }

    Vault secret(String other) {
      return new Vault(image, address, namespace, keyPath, other);
    }

    KmsProvider spec() {
      return new KmsSpec(
          KmsSpec.VAULT,
          new VaultSpec(
              image,
              address,
              namespace.isEmpty() ? null : namespace,
              null,
              keyPath,
              null,
              new VaultSpec.Authentication(
                  VaultSpec.Authentication.APP_ROLE,
                  new VaultSpec.AppRole(new NameReference(secret)))));
    }
  }
}
