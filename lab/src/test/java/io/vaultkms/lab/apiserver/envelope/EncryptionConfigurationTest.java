package io.vaultkms.lab.apiserver.envelope;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EncryptionConfigurationTest {
  private static EncryptionConfiguration parse(String provider) {
    String file =
        """
        apiVersion: apiserver.config.k8s.io/v1
        kind: EncryptionConfiguration
        resources:
        - resources: [secrets]
          providers:
          - %s
          - identity: {}
        """;
    return EncryptionConfiguration.parse(file.formatted(provider).getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void readsAKmsProvider() {
    var kms =
        parse("{kms: {apiVersion: v2, name: 1_secrets, endpoint: 'unix:///run/kms.sock'}}")
            .resources()
            .getFirst()
            .providers()
            .getFirst()
            .kms();

    assertThat(kms.socket()).hasToString("/run/kms.sock");
    assertThat(kms.limit()).isEqualTo(Duration.ofSeconds(3));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {secretbox: {keys: []}}                                  | secretbox is not supported
          {}                                                       | has 0 providers
          {identity: {}, aesgcm: {keys: []}}                       | has 2 providers
          {aesgcm: {keys: []}}                                     | keys is empty
          {aesgcm: {keys: [{name: k, secret: '!'}]}}               | secret of key k is not base64
          {aescbc: {keys: [{name: k, secret: MTIz}]}}              | has 3 bytes, not 16, 24 or 32
          {kms: {apiVersion: v1, name: n, endpoint: 'unix:///s'}}  | apiVersion is not v2
          {kms: {apiVersion: v2, name: 'a:b', endpoint: 'unix:///s'}} | name has a ':'
          {kms: {apiVersion: v2, name: n, endpoint: 'tcp://s'}}    | must begin with unix:///
          {kms: {apiVersion: v2, name: n, endpoint: 'unix:///s', timeout: x}} | write it as 10s
          {kms: {apiVersion: v2, name: n, endpoint: 'unix:///s', other: 1}} | other
          """)
  void refusesWhatARealApiServerWouldNotTake(String provider, String sentence) {
    assertThatThrownBy(() -> parse(provider))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(sentence);
  }

  @Test
  void refusesOneNameForTwoPlugins() {
    String kms = "{kms: {apiVersion: v2, name: n, endpoint: 'unix:///s'}}";

    assertThatThrownBy(() -> parse(kms + "\n  - " + kms)).hasMessageContaining("taken already");
  }

  @ParameterizedTest
  @CsvSource({"10s,10000", "1m30s,90000", "500ms,500", "1.5s,1500", "1h,3600000"})
  void readsDurationsAsGoWritesThem(String text, long millis) {
    assertThat(EncryptionConfiguration.goDuration(text)).isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @CsvSource({
    "plain,identity",
    "k8s:enc:kms:v2:1_secrets:rest:x,k8s:enc:kms:v2:1_secrets",
    "k8s:enc:aesgcm:v1:key:x,k8s:enc:aesgcm:v1:key"
  })
  void namesTheProviderOfAStoredValue(String stored, String prefix) {
    assertThat(Prefixes.of(stored.getBytes(StandardCharsets.UTF_8))).isEqualTo(prefix);
  }
}
