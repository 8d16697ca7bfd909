package io.vaultkms.deployer.contract;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.vaultkms.model.config.Handshake;
import io.vaultkms.model.config.Mode;
import io.vaultkms.platform.cluster.Contract;
import io.vaultkms.platform.json.Json;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Writes key Secrets. Each write carries the precondition that makes it safe against another
 * deployer: a new key is a create under a name that only one can have, a change carries the
 * resourceVersion it was made from. Blocks.
 */
public final class KeySecrets {
  static final String WARNING =
      "WARNING: DO NOT EDIT. Altering of the encryption secrets will render your cluster"
          + " inaccessible. Catastrophic data loss can occur from the most minor changes.";
  private static final int LOCAL_KEY_BYTES = 32;
  private static final int EMPTY_KEY_BYTES = 16;

  private final KubernetesClient client;
  private final String component;
  private final SecureRandom random = new SecureRandom();

  public KeySecrets(KubernetesClient client, String component) {
    this.client = client;
    this.component = component;
  }

  /** The handshake and the configuration with credentials of a KMS key. */
  public record KmsKey(String handshake, KeyData data) {
    static KmsKey of(KeyData data) {
      return new KmsKey(Handshake.of(data.kms(), data.data()), data);
    }
  }

  /**
   * All that a key's Secret is made of. Holds secrets; never shown.
   *
   * @param kms empty for modes other than KMS
   */
  record Content(Mode mode, byte[] material, Optional<KmsKey> kms) {
    /** For modes that have no material and hold zeros. */
    static Content empty(Mode mode) {
      return new Content(mode, new byte[EMPTY_KEY_BYTES], Optional.empty());
    }

    static Content of(KmsKey key) {
      return new Content(Mode.KMS, new byte[EMPTY_KEY_BYTES], Optional.of(key));
    }

    @Override
    public String toString() {
      return "Content[mode=" + mode + "]";
    }
  }

  /**
   * Makes a key.
   *
   * @param kms what a KMS key is made of; empty for the other modes
   * @throws KubernetesClientException with code 409 when somebody else took the number
   */
  public void mint(long keyId, Mode mode, String reason, Optional<KmsKey> kms) {
    create(keyId, reason, new Content(mode, material(mode), kms), Map.of());
  }

  /** Makes a key's Secret under a number that is free. */
  void create(long keyId, String reason, Content content, Map<String, String> more) {
    Map<String, String> annotations = new LinkedHashMap<>(more);
    annotations.put(Contract.DESCRIPTION, WARNING);
    annotations.put(Contract.MODE, content.mode().wire());
    annotations.put(Contract.INTERNAL_REASON, component + "-" + reason);
    annotations.put(Contract.EXTERNAL_REASON, "");
    content.kms().ifPresent(key -> annotations.putAll(annotations(key)));
    Map<String, String> data = new LinkedHashMap<>();
    data.put(Contract.KEY_DATA, Base64.getEncoder().encodeToString(content.material()));
    content.kms().ifPresent(key -> data.putAll(data(keyId, key)));
    client
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withNamespace(Contract.MANAGED_NAMESPACE)
                .withName(Contract.keySecret(component, keyId))
                .addToLabels(Contract.COMPONENT_LABEL, component)
                .addToFinalizers(Contract.FINALIZER)
                .withAnnotations(annotations)
                .endMetadata()
                .withType("Opaque")
                .withData(data)
                .build())
        .create();
  }

  /**
   * Gives a KMS key other configuration or credentials; what has been migrated stays noted.
   *
   * @param seen the handshake that the decision saw: a Secret that has another by now may be
   *     another key under the same number, which has perhaps written already
   * @throws KubernetesClientException with code 409 when the Secret is not what was seen any more
   */
  public void update(long keyId, KmsKey key, Optional<String> seen) {
    Secret secret = get(keyId);
    String handshake = secret.getMetadata().getAnnotations().get(Contract.HANDSHAKE);
    if (!seen.equals(Optional.ofNullable(handshake))) {
      throw new KubernetesClientException(
          "key Secret %s has changed".formatted(secret.getMetadata().getName()), 409, null);
    }
    Map<String, String> kept = new LinkedHashMap<>(secret.getData());
    kept.keySet().removeIf(name -> name.startsWith(Contract.DATA_PREFIX + Contract.KMS_PLUGIN));
    kept.putAll(data(keyId, key));
    replace(
        secret,
        new SecretBuilder(secret)
            .editMetadata()
            .addToAnnotations(annotations(key))
            .endMetadata()
            .withData(kept));
  }

  /** Notes that a key on its way is given up. Its number stays taken as long as the Secret is. */
  public void withdraw(long keyId, Instant now) {
    Secret secret = get(keyId);
    replace(
        secret,
        new SecretBuilder(secret)
            .editMetadata()
            .addToAnnotations(Contract.WITHDRAWN_TIME, now.toString())
            .endMetadata());
  }

  /**
   * Asks for a key that nothing needs to be deleted. Its finalizer keeps it until {@link #release},
   * so that what is told between the two is told for certain.
   */
  public void delete(long keyId) {
    client.resource(get(keyId)).delete();
  }

  /** Lets a key go that was deleted. */
  public void release(long keyId) {
    find(keyId)
        .ifPresent(
            secret ->
                replace(
                    secret,
                    new SecretBuilder(secret)
                        .editMetadata()
                        .removeFromFinalizers(Contract.FINALIZER)
                        .endMetadata()));
  }

  private void replace(Secret secret, SecretBuilder changed) {
    client
        .resource(changed.build())
        .lockResourceVersion(secret.getMetadata().getResourceVersion())
        .update();
  }

  /** Why a key was minted. */
  public String reason(long keyId) {
    return get(keyId).getMetadata().getAnnotations().getOrDefault(Contract.INTERNAL_REASON, "");
  }

  /** Whether and when the key's Secret was made anew; empty too when there is none any more. */
  public Optional<Restored> restored(long keyId) {
    return find(keyId).flatMap(secret -> Restored.read(secret.getMetadata().getAnnotations()));
  }

  /** The key Secret, whole. */
  Secret get(long keyId) {
    return find(keyId)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "key Secret "
                        + Contract.keySecret(component, keyId)
                        + " is not there any more"));
  }

  private Optional<Secret> find(long keyId) {
    return Optional.ofNullable(
        client
            .secrets()
            .inNamespace(Contract.MANAGED_NAMESPACE)
            .withName(Contract.keySecret(component, keyId))
            .get());
  }

  static Map<String, String> annotations(KmsKey key) {
    return Map.of(
        Contract.KMS_CONFIG, Json.write(key.data().kms()), Contract.HANDSHAKE, key.handshake());
  }

  private static Map<String, String> data(long keyId, KmsKey key) {
    Map<String, String> data = new LinkedHashMap<>(key.data().toSecret());
    data.put(
        Contract.DATA_PREFIX + Contract.KMS_ENCRYPTION_CONFIG,
        Base64.getEncoder()
            .encodeToString(
                Json.write(EncryptionConfiguration.ofKms(keyId))
                    .getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    return data;
  }

  /** A key of a local mode is 32 random bytes; the others have no material and hold zeros. */
  private byte[] material(Mode mode) {
    return switch (mode) {
      case IDENTITY, KMS -> new byte[EMPTY_KEY_BYTES];
      case AESCBC, AESGCM -> {
        byte[] material = new byte[LOCAL_KEY_BYTES];
        random.nextBytes(material);
        yield material;
      }
    };
  }
}
