package io.vaultkms.model.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HandshakeTest {
  private static final String MARKER = "hunter2-do-not-tell";

  @Test
  void isEightCharactersOfBase64UrlAndAlwaysTheSame() {
    String hash = Handshake.of(good(), data(MARKER));

    assertThat(hash).matches("[A-Za-z0-9_-]{8}").isEqualTo(Handshake.of(good(), data(MARKER)));
  }

  /** Keys on clusters carry it: another way to make it would look like another configuration. */
  @Test
  void staysTheSameFromReleaseToRelease() {
    assertThat(Handshake.of(good(), data("secret id"))).isEqualTo("yXoEYtkK");
    assertThat(Arrays.stream(Mode.values()).filter(mode -> mode != Mode.KMS).map(Handshake::of))
        .containsExactly("jfP3vSlf", "DkIiejmR", "EO1okCek");
  }

  @Test
  void everyFieldCounts() {
    List<String> hashes = new ArrayList<>();
    hashes.add(Handshake.of(good(), ReferencedData.NONE));
    for (String field :
        List.of(
            "kmsPluginImage",
            "vaultAddress",
            "vaultNamespace",
            "vaultAuthNamespace",
            "vaultKeyPath",
            "tls.caBundle.name",
            "tls.serverName",
            "authentication.appRole.secret.name")) {
      hashes.add(
          Handshake.of(
              vault(Documents.good().with("kms.vault." + field, "another")), ReferencedData.NONE));
    }
    for (String field : List.of("vaultNamespace", "vaultAuthNamespace", "tls")) {
      hashes.add(
          Handshake.of(vault(Documents.good().without("kms.vault." + field)), ReferencedData.NONE));
    }
    assertThat(hashes).doesNotHaveDuplicates();
  }

  @Test
  void theContentsCountAndTheirNames() {
    byte[] value = {1};
    Set<String> hashes = new HashSet<>();
    hashes.add(Handshake.of(good(), ReferencedData.NONE));
    hashes.add(Handshake.of(good(), ReferencedData.of(Map.of("a", value))));
    hashes.add(Handshake.of(good(), ReferencedData.of(Map.of("b", value))));
    hashes.add(Handshake.of(good(), ReferencedData.of(Map.of("a", new byte[] {2}))));
    hashes.add(Handshake.of(good(), ReferencedData.of(Map.of("a", new byte[0]))));
    hashes.add(Handshake.of(good(), ReferencedData.of(Map.of("a", value, "b", value))));

    assertThat(hashes).hasSize(6);
  }

  @Test
  void partsThatRunIntoEachOtherAreToldApart() {
    assertThat(Handshake.of(good(), contents("ab", "c")))
        .isNotEqualTo(Handshake.of(good(), contents("a", "bc")));
  }

  @Test
  void modesAreToldApart() {
    assertThat(Arrays.stream(Mode.values()).map(Handshake::of)).doesNotHaveDuplicates();
  }

  @Test
  void contentsAreInNoText() {
    ReferencedData data = data(MARKER);

    assertThat(data.toString())
        .contains("secret-vault-approle_secret-id")
        .doesNotContain(MARKER)
        .doesNotContain(Arrays.toString(MARKER.getBytes(StandardCharsets.UTF_8)));
    assertThat(data.missing(good().references()).toString()).doesNotContain(MARKER);
  }

  @Test
  void whatIsMissingOrEmptyIsNamedByFieldAndDataKey() {
    ReferencedData data =
        ReferencedData.of(
            Map.of(
                "secret-vault-approle_role-id",
                new byte[] {1},
                "secret-vault-approle_secret-id",
                new byte[0]));

    assertThat(data.missing(good().references()))
        .extracting(Violation::toString)
        .containsExactly(
            "spec.encryption.kms.vault.authentication.appRole.secret.name 'vault-approle' must name"
                + " a Secret in openshift-config with a value under the data key secret-id",
            "spec.encryption.kms.vault.tls.caBundle.name 'vault-ca-bundle' must name"
                + " a ConfigMap in openshift-config with a value under the data key ca-bundle.crt");
  }

  @Test
  void contentsAddedToTheMapLaterAreNotTakenIn() {
    Map<String, byte[]> entries = new java.util.HashMap<>(Map.of("a", new byte[] {1}));
    ReferencedData data = ReferencedData.of(entries);
    entries.put("b", new byte[] {2});

    assertThat(data.entries()).containsOnlyKeys("a");
  }

  private static KmsProvider good() {
    return vault(Documents.good());
  }

  private static KmsProvider vault(Documents document) {
    return document.spec().kms().provider();
  }

  private static ReferencedData data(String secretId) {
    return contents("secret-vault-approle_secret-id", secretId);
  }

  private static ReferencedData contents(String entry, String value) {
    return ReferencedData.of(Map.of(entry, value.getBytes(StandardCharsets.UTF_8)));
  }
}
