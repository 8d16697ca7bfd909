package io.vaultkms.model.decision;

import io.vaultkms.model.config.Handshake;
import io.vaultkms.model.config.KmsProvider;
import io.vaultkms.model.config.KmsSpec;
import io.vaultkms.model.config.Mode;
import io.vaultkms.model.config.NameReference;
import io.vaultkms.model.config.ReferencedData;
import io.vaultkms.model.config.VaultSpec;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * The configurations that the tests speak of; what begins with A is one and the same remote key.
 */
enum Config {
  PLAIN(Mode.IDENTITY),
  AESCBC(Mode.AESCBC),
  AESGCM(Mode.AESGCM),
  A("1", "https://a:8200", "", "", "transit/keys/a", "", "role", "secret id"),
  A_IMAGE("2", "https://a:8200", "", "", "transit/keys/a", "", "role", "secret id"),
  A_TLS("1", "https://a:8200", "", "", "transit/keys/a", "vault.a", "role", "secret id"),
  A_SECRET("1", "https://a:8200", "", "", "transit/keys/a", "", "another-role", "secret id"),
  A_AUTH_NAMESPACE("1", "https://a:8200", "", "team", "transit/keys/a", "", "role", "secret id"),
  A_CONTENTS("1", "https://a:8200", "", "", "transit/keys/a", "", "role", "another secret id"),
  B_ADDRESS("1", "https://b:8200", "", "", "transit/keys/a", "", "role", "secret id"),
  B_NAMESPACE("1", "https://a:8200", "team", "", "transit/keys/a", "", "role", "secret id"),
  B_KEY_PATH("1", "https://a:8200", "", "", "transit/keys/b", "", "role", "secret id"),
  B_CONTENTS("1", "https://a:8200", "", "", "transit/keys/b", "", "role", "another secret id"),
  B_IMAGE("2", "https://a:8200", "", "", "transit/keys/b", "", "role", "another secret id"),
  C_CONTENTS("1", "https://a:8200", "", "", "transit/keys/c", "", "role", "another secret id");

  private final Mode mode;
  private final Optional<KmsProvider> kms;
  private final String hash;

  Config(Mode mode) {
    this.mode = mode;
    this.kms = Optional.empty();
    this.hash = Handshake.of(mode);
  }

  Config(
      String image,
      String address,
      String namespace,
      String authNamespace,
      String keyPath,
      String serverName,
      String secret,
      String secretId) {
    VaultSpec vault =
        new VaultSpec(
            "registry.example.com/plugin@sha256:" + image.repeat(64),
            address,
            namespace.isEmpty() ? null : namespace,
            authNamespace.isEmpty() ? null : authNamespace,
            keyPath,
            serverName.isEmpty() ? null : new VaultSpec.Tls(null, serverName),
            new VaultSpec.Authentication(
                "AppRole", new VaultSpec.AppRole(new NameReference(secret))));
    ReferencedData data =
        ReferencedData.of(
            Map.of("secret-" + secret + "_secret-id", secretId.getBytes(StandardCharsets.UTF_8)));
    this.mode = Mode.KMS;
    this.kms = Optional.of(new KmsSpec("Vault", vault));
    this.hash = Handshake.of(vault, data);
  }

  Mode mode() {
    return mode;
  }

  Optional<KmsProvider> kms() {
    return kms;
  }

  String hash() {
    return hash;
  }

  Wanted wanted(Optional<String> seenHash) {
    return kms.<Wanted>map(spec -> new Wanted.Remote(2, spec, seenHash))
        .orElseGet(() -> new Wanted.Local(2, mode));
  }

  static String nameOf(String hash) {
    return Arrays.stream(values())
        .filter(config -> config.hash.equals(hash))
        .findFirst()
        .map(Config::name)
        .orElse(hash);
  }
}
