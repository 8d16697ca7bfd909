package io.vaultkms.deployer.contract;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.vaultkms.platform.cluster.Contract;
import io.vaultkms.platform.cluster.MetadataReader;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The copy of every bundle under its revision, in the component's own namespace. A copy is made
 * before its bundle goes out, under a number above all others: so the highest copy is of the bundle
 * that went out last, or of one that was about to follow it. Blocks.
 */
final class BundleCopies {
  private final KubernetesClient client;
  private final String component;
  private final String namespace;
  private final MetadataReader metadata;

  BundleCopies(KubernetesClient client, String component, String namespace) {
    this.client = client;
    this.component = component;
    this.namespace = namespace;
    this.metadata = new MetadataReader(client);
  }

  String namespace() {
    return namespace;
  }

  /** The highest revision that has a copy; those that others wrote have no label. */
  OptionalLong newest() throws IOException, InterruptedException {
    return metadata.secrets(namespace, "").stream()
        .filter(meta -> meta.getName().matches(Contract.ENCRYPTION_CONFIG + "-[1-9]\\d{0,17}"))
        .filter(this::isMine)
        .map(ObjectMeta::getName)
        .mapToLong(name -> Long.parseLong(name.substring(name.lastIndexOf('-') + 1)))
        .max();
  }

  private boolean isMine(ObjectMeta meta) {
    return component.equals(meta.getLabels().getOrDefault(Contract.COMPONENT_LABEL, component));
  }

  boolean exists(long revision) throws IOException, InterruptedException {
    return metadata.secret(namespace, Contract.revisionSecret(revision)).isPresent();
  }

  Optional<Secret> get(long revision) {
    return Optional.ofNullable(
        client.secrets().inNamespace(namespace).withName(Contract.revisionSecret(revision)).get());
  }
}
