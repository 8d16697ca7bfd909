package io.vaultkms.deployer.contract;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.vaultkms.deployer.contract.BundleSecrets.Stored;
import io.vaultkms.model.bundle.Bundle;
import io.vaultkms.model.config.Mode;
import io.vaultkms.model.decision.Observation;
import io.vaultkms.model.decision.Salvage;
import io.vaultkms.platform.cluster.Contract;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Finds out what can be put back of Secrets that somebody deleted, and puts it back: the newest
 * bundle from its copy, the copy from the bundle, a key from the bundle. Each is a create, which
 * fails when somebody else was faster. Blocks.
 */
public final class LostSecrets {
  private static final String REASON = "restored-from-bundle";

  private final KubernetesClient client;
  private final String component;
  private final BundleSecrets bundles;
  private final KeySecrets keys;

  public LostSecrets(
      KubernetesClient client, String component, BundleSecrets bundles, KeySecrets keys) {
    this.client = client;
    this.component = component;
    this.bundles = bundles;
    this.keys = keys;
  }

  /** What is lost and not lost for good. */
  public Salvage find(Observation seen) throws IOException, InterruptedException {
    boolean foreign = seen.salvage().foreignBundle();
    if (seen.bundle().isEmpty()) {
      OptionalLong copy = foreign ? OptionalLong.empty() : bundles.copies().newest();
      return new Salvage(foreign, copy, false, new TreeSet<>());
    }
    boolean copyLost = !bundles.copies().exists(seen.bundle().get().revision());
    return new Salvage(foreign, OptionalLong.empty(), copyLost, keys(seen));
  }

  private SortedSet<Long> keys(Observation seen) {
    SortedSet<Long> lost = new TreeSet<>(seen.currentBundle().keys().keySet());
    lost.removeIf(id -> seen.key(id).isPresent());
    if (!lost.isEmpty()) {
      Map<String, String> data = bundles.secret().map(Secret::getData).orElse(Map.of());
      lost.removeIf(id -> content(id, seen.currentBundle().keys().get(id), data).isEmpty());
    }
    return lost;
  }

  /** The key's Secret as it can be made from the bundle; empty when the bundle lacks some of it. */
  private Optional<KeySecrets.Content> content(
      long id, Bundle.KeyContent key, Map<String, String> data) {
    try {
      return switch (key.mode()) {
        case IDENTITY -> Optional.of(KeySecrets.Content.empty(Mode.IDENTITY));
        case AESCBC, AESGCM ->
            BundleReader.material(data, id)
                .map(material -> new KeySecrets.Content(key.mode(), material, Optional.empty()));
        case KMS ->
            Optional.of(KeySecrets.Content.of(KeySecrets.KmsKey.of(KeyData.fromBundle(data, id))));
      };
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /**
   * Makes a key's Secret anew. What had been migrated to it was noted on the one that is gone: the
   * new one claims nothing.
   *
   * @param bundle the one that the decision saw
   * @throws KubernetesClientException with code 409 when the bundle or the key is another by now
   */
  public void restoreKey(long id, Stored bundle, Instant now) {
    Secret secret = unchanged(bundle);
    KeySecrets.Content content =
        content(id, bundle.bundle().keys().get(id), secret.getData())
            .orElseThrow(() -> new IllegalStateException("the bundle does not hold key " + id));
    Restored restored = new Restored(now, Contract.bundleSecret(component));
    keys.create(id, REASON, content, restored.annotations());
  }

  /** Makes the newest bundle anew, under the revision that it had. */
  public void restoreBundle(long revision, Instant now) {
    Secret copy =
        bundles
            .copies()
            .get(revision)
            .orElseThrow(() -> conflict("the copy of revision " + revision + " is gone too"));
    String source = bundles.copies().namespace() + "/" + copy.getMetadata().getName();
    Map<String, String> annotations =
        new LinkedHashMap<>(BundleSecrets.annotations(copy.getMetadata()));
    annotations.putAll(new Restored(now, source).annotations());
    client.resource(bundles.newest(annotations, copy.getData())).create();
  }

  /** Makes the copy of the newest bundle anew. */
  public void restoreCopy(Stored bundle) {
    Secret secret = unchanged(bundle);
    client
        .resource(
            bundles.copy(
                bundle.revision(),
                BundleSecrets.annotations(secret.getMetadata()),
                secret.getData()))
        .create();
  }

  private Secret unchanged(Stored bundle) {
    return bundles
        .secret()
        .filter(
            secret -> secret.getMetadata().getResourceVersion().equals(bundle.resourceVersion()))
        .orElseThrow(() -> conflict("the newest bundle has changed"));
  }

  private static KubernetesClientException conflict(String what) {
    return new KubernetesClientException(what, 409, null);
  }
}
