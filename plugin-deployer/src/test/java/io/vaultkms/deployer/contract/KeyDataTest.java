package io.vaultkms.deployer.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KeyDataTest {
  private static final String PREFIX = "encryption.apiserver.operator.openshift.io-";

  private final KeyData key = SampleKey.with(SampleKey.SECRET_ID);

  @Test
  void namesItsEntriesInAKeySecretAsOpenShiftDoes() {
    assertThat(key.toSecret())
        .containsOnlyKeys(
            PREFIX + "kms-plugin-config",
            PREFIX + "kms-plugin-secret-approle_role-id",
            PREFIX + "kms-plugin-secret-approle_secret-id",
            PREFIX + "kms-plugin-configmap-ca_ca-bundle.crt")
        .containsEntry(
            PREFIX + "kms-plugin-secret-approle_secret-id",
            Base64.getEncoder()
                .encodeToString(SampleKey.SECRET_ID.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void namesItsEntriesInABundleWithTheKeysNumber() {
    assertThat(key.toBundle(12))
        .containsOnlyKeys(
            "kms-plugin-config-12",
            "kms-plugin-secret-approle_role-id-12",
            "kms-plugin-secret-approle_secret-id-12",
            "kms-plugin-configmap-ca_ca-bundle.crt-12");
  }

  @Test
  void isReadBackFromAKeySecret() {
    assertSame(KeyData.fromSecret(key.toSecret()));
  }

  @Test
  void isReadBackFromABundleByItsNumber() {
    Map<String, String> bundle = key.toBundle(12);
    assertSame(KeyData.fromBundle(bundle, 12));
    assertThatThrownBy(() -> KeyData.fromBundle(bundle, 2))
        .hasMessage("a Secret without kms-plugin-config-2");
  }

  @Test
  void copiesOnlyWhatThePluginNeeds() {
    Map<String, String> secret = new HashMap<>(key.toSecret());
    secret.put(PREFIX + "kms-plugin-secret-approle_note", "bm90ZQ==");
    secret.put(PREFIX + "key", "AAAAAAAAAAAAAAAAAAAAAA==");

    assertSame(KeyData.fromSecret(secret));
  }

  @Test
  void showsNoSecret() {
    assertThat(key.toString())
        .doesNotContain(SampleKey.SECRET_ID)
        .contains("secret-approle_secret-id");
    assertThat(new KeySecrets.KmsKey("abcdefgh", key).toString())
        .doesNotContain(SampleKey.SECRET_ID);
  }

  private void assertSame(KeyData read) {
    assertThat(read.kms()).isEqualTo(key.kms());
    assertThat(read.data().entries()).containsOnlyKeys(key.data().entries().keySet());
    key.data()
        .entries()
        .forEach((name, value) -> assertThat(read.data().entries().get(name)).isEqualTo(value));
  }
}
