package io.vaultkms.deployer.contract;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.vaultkms.model.bundle.Bundle;
import io.vaultkms.model.decision.Step.Purpose;
import io.vaultkms.model.decision.Step.RollOut;
import io.vaultkms.platform.cluster.Contract;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Takes over what OpenShift's operators wrote: reads out of the data what everyone has to know, and
 * notes it beside the data, which stays as it is; or why that cannot be done, so that those know
 * who may not read the data. Each note carries the resourceVersion of what was read. Blocks.
 */
public final class ForeignSecrets {
  private final KubernetesClient client;
  private final String component;
  private final BundleSecrets bundles;
  private final KeySecrets keys;

  public ForeignSecrets(
      KubernetesClient client, String component, BundleSecrets bundles, KeySecrets keys) {
    this.client = client;
    this.component = component;
    this.bundles = bundles;
    this.keys = keys;
  }

  /**
   * Notes the configuration and the handshake of a KMS key.
   *
   * @throws IllegalStateException when its data is not that of a KMS key; says in what
   */
  public void adoptKey(long id) {
    Secret secret = keys.get(id);
    try {
      annotate(
          secret,
          KeySecrets.annotations(KeySecrets.KmsKey.of(KeyData.fromSecret(secret.getData()))));
    } catch (IllegalArgumentException e) {
      throw refused(secret, e);
    }
  }

  /**
   * Notes who writes and who reads, under the revision of its copy; one without a copy gets the
   * next revision. Nothing goes out by that.
   *
   * @param highestKey the highest key number that has been given away, as far as is known
   * @throws IllegalStateException when its data holds what is not known here; says what
   */
  public void adoptBundle(long highestKey, Instant now) throws IOException, InterruptedException {
    Secret secret =
        bundles.secret().orElseThrow(() -> new IllegalStateException("the bundle is gone"));
    try {
      Bundle bundle = BundleReader.bundle(secret.getData());
      long newest = bundle.keys().isEmpty() ? 0 : bundle.keys().lastKey();
      RollOut asItStands = new RollOut(bundle, Purpose.ADOPT, newest);
      annotate(
          secret,
          BundleSecrets.annotations(
              revision(secret), asItStands, Math.max(newest, highestKey), now));
    } catch (IllegalArgumentException e) {
      throw refused(secret, e);
    }
  }

  private long revision(Secret secret) throws IOException, InterruptedException {
    OptionalLong newest = bundles.copies().newest();
    boolean same =
        newest.isPresent()
            && bundles
                .copies()
                .get(newest.getAsLong())
                .filter(copy -> secret.getData().equals(copy.getData()))
                .isPresent();
    return same ? newest.getAsLong() : newest.orElse(0) + 1;
  }

  private void annotate(Secret secret, Map<String, String> annotations) {
    update(
        secret,
        new SecretBuilder(secret)
            .editMetadata()
            .removeFromAnnotations(Contract.REFUSED)
            .addToAnnotations(annotations)
            .addToLabels(Contract.COMPONENT_LABEL, component)
            .endMetadata()
            .build());
  }

  private void update(Secret seen, Secret noted) {
    client.resource(noted).lockResourceVersion(seen.getMetadata().getResourceVersion()).update();
  }

  private IllegalStateException refused(Secret secret, IllegalArgumentException e) {
    String why =
        "Secret %s cannot be taken over: %s"
            .formatted(secret.getMetadata().getName(), e.getMessage());
    Map<String, String> known = secret.getMetadata().getAnnotations();
    if (known == null || !why.equals(known.get(Contract.REFUSED))) {
      update(
          secret,
          new SecretBuilder(secret)
              .editMetadata()
              .addToAnnotations(Contract.REFUSED, why)
              .endMetadata()
              .build());
    }
    return new IllegalStateException(why);
  }
}
