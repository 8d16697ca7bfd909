package io.vaultkms.deployer.contract;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.vaultkms.platform.cluster.Contract;
import io.vaultkms.platform.cluster.MetadataReader;
import java.io.IOException;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * The copy of every bundle under its revision, in the component's own namespace. A copy is made
 * before its bundle goes out, under a number above all others, and says which revision it was
 * decided on from. Of two that were decided on from the same one, only one can have gone out.
 * Blocks.
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

  /** The highest revision that has a copy. */
  OptionalLong newest() throws IOException, InterruptedException {
    NavigableMap<Long, Long> all = all();
    return all.isEmpty() ? OptionalLong.empty() : OptionalLong.of(all.lastKey());
  }

  /**
   * The revision that was in force last, or was about to be, where that is certain. One that lost a
   * race, or was left by a deployer that died, must not come back: it may take the write key off
   * again while the migration to it counts as done.
   *
   * @param observed the highest revision that any node has been at work on
   */
  OptionalLong last(long observed) throws IOException, InterruptedException {
    NavigableMap<Long, Long> all = all();
    return certain(all, observed) ? OptionalLong.of(all.lastKey()) : OptionalLong.empty();
  }

  /**
   * @param after each revision with the one that it was decided on from
   */
  static boolean certain(NavigableMap<Long, Long> after, long observed) {
    if (after.isEmpty()) {
      return false;
    }
    long highest = after.lastKey();
    long from = Math.min(after.get(highest), highest);
    return observed >= highest || after.subMap(from, false, highest, false).isEmpty();
  }

  /** Those that others wrote have no label, and do not say what they came after. */
  private NavigableMap<Long, Long> all() throws IOException, InterruptedException {
    NavigableMap<Long, Long> all = new TreeMap<>();
    for (ObjectMeta meta : metadata.secrets(namespace, "")) {
      if (meta.getName().matches(Contract.ENCRYPTION_CONFIG + "-[1-9]\\d{0,17}") && isMine(meta)) {
        long revision =
            Long.parseLong(meta.getName().substring(meta.getName().lastIndexOf('-') + 1));
        String after = meta.getAnnotations().get(Contract.AFTER_REVISION);
        all.put(revision, after == null ? revision - 1 : Long.parseLong(after));
      }
    }
    return all;
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
