package io.vaultkms.deployer.contract;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.vaultkms.model.bundle.Bundle;
import io.vaultkms.model.config.Mode;
import io.vaultkms.model.decision.Step.Purpose;
import io.vaultkms.model.decision.Step.RollOut;
import io.vaultkms.platform.cluster.BundleSummary;
import io.vaultkms.platform.cluster.Contract;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Writes bundles: first a copy under its revision in the component's own namespace, then the one
 * that the API servers follow, with the resourceVersion it was made from as a precondition. Blocks.
 */
public final class BundleSecrets {
  private final KubernetesClient client;
  private final String component;
  private final KeySecrets keys;
  private final BundleCopies copies;

  /**
   * @param namespace the component's own, which has the copies
   */
  public BundleSecrets(
      KubernetesClient client, String component, String namespace, KeySecrets keys) {
    this.client = client;
    this.component = component;
    this.keys = keys;
    this.copies = new BundleCopies(client, component, namespace);
  }

  /** The newest bundle as it stands on the cluster; the Secret itself is not kept. */
  public record Stored(
      long revision,
      Bundle bundle,
      Purpose purpose,
      long keyId,
      Instant time,
      String resourceVersion,
      Optional<Restored> restored) {}

  /** The newest bundle; empty before the first, and while others' has not been taken over. */
  public Optional<Stored> newest() {
    return secret()
        .map(Secret::getMetadata)
        .filter(meta -> annotations(meta).containsKey(Contract.BUNDLE))
        .map(BundleSecrets::stored);
  }

  BundleCopies copies() {
    return copies;
  }

  /** The newest bundle's Secret, whole, whoever wrote it. */
  Optional<Secret> secret() {
    return Optional.ofNullable(
        client
            .secrets()
            .inNamespace(Contract.MANAGED_NAMESPACE)
            .withName(Contract.bundleSecret(component))
            .get());
  }

  static Map<String, String> annotations(ObjectMeta meta) {
    return meta.getAnnotations() == null ? Map.of() : meta.getAnnotations();
  }

  private static Stored stored(ObjectMeta meta) {
    Map<String, String> annotations = annotations(meta);
    return new Stored(
        Long.parseLong(annotations.get(Contract.REVISION)),
        BundleSummary.read(annotations.get(Contract.BUNDLE)),
        Purpose.valueOf(annotations.get(Contract.PURPOSE)),
        Long.parseLong(annotations.get(Contract.KEY_ID)),
        Instant.parse(annotations.get(Contract.ROLLED_OUT_TIME)),
        meta.getResourceVersion(),
        Restored.read(annotations));
  }

  /**
   * Sends a bundle on its way. Where a deployer that died has begun with just this one, it is its
   * copy which goes out: one more copy at each try would let one that dies between the two writes
   * get nowhere. A copy of anything else stays behind: it was right when it was made, and may be
   * wrong by now.
   *
   * @param highestKey the highest key number that has been given away
   * @param last what was the newest when this was decided; another one by now makes this fail
   * @return the new revision
   * @throws KubernetesClientException with code 409 when the newest bundle is another by now
   */
  public long rollOut(RollOut step, long highestKey, Optional<Stored> last, Instant now)
      throws IOException, InterruptedException {
    long highest = Math.max(copies.newest().orElse(0), last.map(Stored::revision).orElse(0L));
    Map<String, String> about = annotations(highest + 1, step, highestKey, now);
    Map<String, String> data = data(step.bundle());
    Secret copy =
        begun(highest, last, about, data)
            .orElseGet(() -> client.resource(copy(highest + 1, about, data)).create());
    Secret newest = newest(annotations(copy.getMetadata()), copy.getData());
    if (last.isEmpty()) {
      client.resource(newest).create();
    } else {
      client.resource(newest).lockResourceVersion(last.get().resourceVersion()).update();
    }
    return Long.parseLong(annotations(copy.getMetadata()).get(Contract.REVISION));
  }

  private Optional<Secret> begun(
      long highest, Optional<Stored> last, Map<String, String> about, Map<String, String> data) {
    return last.map(Stored::revision).orElse(0L) == highest
        ? Optional.empty()
        : copies
            .get(highest)
            .filter(copy -> data.equals(copy.getData()))
            .filter(copy -> isAbout(annotations(copy.getMetadata()), highest, about));
  }

  private static boolean isAbout(
      Map<String, String> noted, long revision, Map<String, String> about) {
    return Long.toString(revision).equals(noted.get(Contract.REVISION))
        && Stream.of(Contract.BUNDLE, Contract.PURPOSE, Contract.KEY_ID, Contract.HIGHEST_KEY)
            .allMatch(name -> about.get(name).equals(noted.get(name)));
  }

  /** What is noted on a bundle. */
  static Map<String, String> annotations(
      long revision, RollOut step, long highestKey, Instant now) {
    Map<String, String> annotations = new LinkedHashMap<>();
    annotations.put(Contract.DESCRIPTION, KeySecrets.WARNING);
    annotations.put(Contract.REVISION, Long.toString(revision));
    annotations.put(Contract.BUNDLE, BundleSummary.write(step.bundle()));
    annotations.put(Contract.PURPOSE, step.purpose().name());
    annotations.put(Contract.KEY_ID, Long.toString(step.keyId()));
    annotations.put(Contract.ROLLED_OUT_TIME, now.toString());
    annotations.put(Contract.HIGHEST_KEY, Long.toString(highestKey));
    return annotations;
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

  /** The one that is followed goes only when somebody takes its finalizer off. */
  Secret newest(Map<String, String> annotations, Map<String, String> data) {
    return builder(Contract.MANAGED_NAMESPACE, Contract.bundleSecret(component), annotations, data)
        .editMetadata()
        .addToFinalizers(Contract.FINALIZER)
        .endMetadata()
        .build();
  }

  Secret copy(long revision, Map<String, String> annotations, Map<String, String> data) {
    return builder(copies.namespace(), Contract.revisionSecret(revision), annotations, data)
        .build();
  }

  private SecretBuilder builder(
      String namespace, String name, Map<String, String> annotations, Map<String, String> data) {
    return new SecretBuilder()
        .withNewMetadata()
        .withNamespace(namespace)
        .withName(name)
        .addToLabels(Contract.COMPONENT_LABEL, component)
        .withAnnotations(annotations)
        .endMetadata()
        .withType("Opaque")
        .withData(data);
  }
}
