package io.vaultkms.deployer.contract;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.vaultkms.model.bundle.Bundle;
import io.vaultkms.model.config.Mode;
import io.vaultkms.model.decision.Step.Purpose;
import io.vaultkms.platform.cluster.BundleSummary;
import io.vaultkms.platform.cluster.Contract;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Writes bundles: first a copy under its revision in the component's own namespace, then the one
 * that the API servers follow, with the resourceVersion it was made from as a precondition. Blocks.
 */
public final class BundleSecrets {
  private static final String TIME = "vaultkms.io/rolled-out-time";
  private static final Pattern COPY = Pattern.compile(Contract.ENCRYPTION_CONFIG + "-\\d{1,18}");

  private final KubernetesClient client;
  private final String component;
  private final String namespace;
  private final KeySecrets keys;

  /**
   * @param namespace the component's own, which has the copies
   */
  public BundleSecrets(
      KubernetesClient client, String component, String namespace, KeySecrets keys) {
    this.client = client;
    this.component = component;
    this.namespace = namespace;
    this.keys = keys;
  }

  /** The newest bundle as it stands on the cluster; the Secret itself is not kept. */
  public record Stored(
      long revision,
      Bundle bundle,
      Purpose purpose,
      long keyId,
      Instant time,
      String resourceVersion) {}

  /** The newest bundle; empty before the first. */
  public Optional<Stored> newest() {
    Secret secret =
        client
            .secrets()
            .inNamespace(Contract.MANAGED_NAMESPACE)
            .withName(Contract.bundleSecret(component))
            .get();
    return Optional.ofNullable(secret).map(Secret::getMetadata).map(BundleSecrets::stored);
  }

  private static Stored stored(ObjectMeta meta) {
    Map<String, String> annotations = meta.getAnnotations();
    return new Stored(
        Long.parseLong(annotations.get(Contract.REVISION)),
        BundleSummary.read(annotations.get(Contract.BUNDLE)),
        Purpose.valueOf(annotations.get(Contract.PURPOSE)),
        Long.parseLong(annotations.get(Contract.KEY_ID)),
        Instant.parse(annotations.get(TIME)),
        meta.getResourceVersion());
  }

  /**
   * Sends a bundle on its way.
   *
   * @param last what was the newest when this was decided; another one by now makes this fail
   * @return the new revision
   */
  public long rollOut(
      Bundle bundle, Purpose purpose, long keyId, Optional<Stored> last, Instant now) {
    Map<String, String> data = data(bundle);
    Map<String, String> about =
        Map.of(
            Contract.BUNDLE,
            BundleSummary.write(bundle),
            Contract.PURPOSE,
            purpose.name(),
            Contract.KEY_ID,
            Long.toString(keyId));
    long before = last.map(Stored::revision).orElse(0L);
    Optional<Secret> left = newestCopy().filter(copy -> revision(copy) > before);
    // One more copy at each try would let a deployer that dies between the two writes get nowhere.
    Secret copy =
        left.filter(found -> found.getData().equals(data))
            .filter(found -> isAbout(found, about))
            .orElseGet(
                () ->
                    writeCopy(
                        left.map(BundleSecrets::revision).orElse(before) + 1, about, data, now));
    Secret newest =
        secret(
            Contract.MANAGED_NAMESPACE,
            Contract.bundleSecret(component),
            copy.getMetadata().getAnnotations(),
            data);
    if (last.isEmpty()) {
      client.resource(newest).create();
    } else {
      client.resource(newest).lockResourceVersion(last.get().resourceVersion()).update();
    }
    return revision(copy);
  }

  private static boolean isAbout(Secret copy, Map<String, String> about) {
    Map<String, String> annotations = copy.getMetadata().getAnnotations();
    return annotations.entrySet().containsAll(about.entrySet())
        && Long.toString(revision(copy)).equals(annotations.get(Contract.REVISION));
  }

  private Secret writeCopy(
      long revision, Map<String, String> about, Map<String, String> data, Instant now) {
    Map<String, String> annotations = new LinkedHashMap<>(about);
    annotations.put(Contract.REVISION, Long.toString(revision));
    annotations.put(TIME, now.toString());
    return client
        .resource(secret(namespace, Contract.revisionSecret(revision), annotations, data))
        .create();
  }

  /** The copy with the highest revision: one may be left of a rollout that was cut off. */
  private Optional<Secret> newestCopy() {
    return client
        .secrets()
        .inNamespace(namespace)
        .withLabel(Contract.COMPONENT_LABEL, component)
        .list()
        .getItems()
        .stream()
        .filter(secret -> COPY.matcher(secret.getMetadata().getName()).matches())
        .max(Comparator.comparingLong(BundleSecrets::revision));
  }

  private static long revision(Secret copy) {
    String name = copy.getMetadata().getName();
    return Long.parseLong(name.substring(name.lastIndexOf('-') + 1));
  }

  private Map<String, String> data(Bundle bundle) {
    Map<String, String> data = new LinkedHashMap<>();
    Map<Long, Secret> secrets = new LinkedHashMap<>();
    bundle.keys().keySet().forEach(id -> secrets.put(id, keys.get(id)));
    String document =
        EncryptionConfiguration.of(
                bundle,
                id -> Base64.getDecoder().decode(secrets.get(id).getData().get(Contract.KEY_DATA)))
            .toString();
    data.put(
        Contract.ENCRYPTION_CONFIG,
        Base64.getEncoder().encodeToString(document.getBytes(StandardCharsets.UTF_8)));
    bundle
        .keys()
        .forEach(
            (id, key) -> {
              if (key.mode() == Mode.KMS) {
                data.putAll(KeyData.fromSecret(secrets.get(id).getData()).toBundle(id));
              }
            });
    return data;
  }

  private Secret secret(
      String namespace, String name, Map<String, String> annotations, Map<String, String> data) {
    return new SecretBuilder()
        .withNewMetadata()
        .withNamespace(namespace)
        .withName(name)
        .addToLabels(Contract.COMPONENT_LABEL, component)
        .withAnnotations(annotations)
        .endMetadata()
        .withType("Opaque")
        .withData(data)
        .build();
  }
}
