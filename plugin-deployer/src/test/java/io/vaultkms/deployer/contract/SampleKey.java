package io.vaultkms.deployer.contract;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.vaultkms.model.bundle.Bundle;
import io.vaultkms.model.bundle.Bundle.KeyContent;
import io.vaultkms.model.config.KmsSpec;
import io.vaultkms.model.config.Mode;
import io.vaultkms.model.config.NameReference;
import io.vaultkms.model.config.ReferencedData;
import io.vaultkms.model.config.VaultSpec;
import io.vaultkms.platform.cluster.BundleSummary;
import io.vaultkms.platform.cluster.Contract;
import io.vaultkms.platform.json.Json;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A KMS key and a bundle with it, as they stand on a cluster. */
public final class SampleKey {
  public static final String SECRET_ID = "a-secret-id-nobody-may-see";
  public static final String IMAGE = "registry.example/kms@sha256:" + "0".repeat(64);

  private SampleKey() {}

  public static KeyData with(String secretId) {
    return new KeyData(
        new KmsSpec(
            "Vault",
            new VaultSpec(
                IMAGE,
                "https://vault.example:8200",
                "team-a",
                null,
                "transit/keys/kubernetes",
                new VaultSpec.Tls(new NameReference("ca"), "vault.internal"),
                new VaultSpec.Authentication(
                    "AppRole", new VaultSpec.AppRole(new NameReference("approle"))))),
        ReferencedData.of(
            Map.of(
                "secret-approle_role-id", "a-role\n".getBytes(UTF_8),
                "secret-approle_secret-id", secretId.getBytes(UTF_8),
                "configmap-ca_ca-bundle.crt", "a-certificate".getBytes(UTF_8))));
  }

  /** The bundle Secret in which key 1 writes secrets. */
  public static Secret bundle(long revision) {
    return bundle(revision, writing(1));
  }

  /** A bundle in which a key writes secrets and nothing else reads. */
  public static Bundle writing(long keyId) {
    return Bundle.EMPTY
        .withReadKey(Set.of("secrets"), keyId, new KeyContent(Mode.KMS, Optional.of("abcdefgh")))
        .withWriteKey(Set.of("secrets"), keyId);
  }

  /** The Secret of a bundle whose KMS keys are all like {@link #with}. */
  public static Secret bundle(long revision, Bundle bundle) {
    return bundle(revision, bundle, SECRET_ID);
  }

  /** The same with another secret id. */
  public static Secret bundle(long revision, Bundle bundle, String secretId) {
    SecretBuilder secret =
        new SecretBuilder()
            .withNewMetadata()
            .withNamespace(Contract.MANAGED_NAMESPACE)
            .withName("encryption-config-kube-apiserver")
            .addToAnnotations(Contract.REVISION, Long.toString(revision))
            .addToAnnotations(Contract.BUNDLE, BundleSummary.write(bundle))
            .endMetadata()
            .addToData("encryption-config", Base64.getEncoder().encodeToString(document(bundle)));
    bundle.keys().keySet().forEach(id -> secret.addToData(with(secretId).toBundle(id)));
    return secret.build();
  }

  /** A value as the data of a Secret has it. */
  public static String base64(String value) {
    return Base64.getEncoder().encodeToString(value.getBytes(UTF_8));
  }

  /** A request to try a configuration as key 2. */
  public static Secret preflight(String hash) {
    return new SecretBuilder()
        .withNewMetadata()
        .withNamespace(Contract.MANAGED_NAMESPACE)
        .withName("encryption-preflight-kube-apiserver")
        .addToAnnotations(Contract.KEY_ID, "2")
        .addToAnnotations(Contract.HANDSHAKE, hash)
        .endMetadata()
        .addToData(with(SECRET_ID).toSecret())
        .build();
  }

  private static byte[] document(Bundle bundle) {
    return Json.write(EncryptionConfiguration.of(bundle, id -> new byte[32])).getBytes(UTF_8);
  }
}
