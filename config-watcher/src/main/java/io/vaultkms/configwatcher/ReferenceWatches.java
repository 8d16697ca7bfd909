package io.vaultkms.configwatcher;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.vaultkms.model.config.Reference;
import io.vaultkms.platform.cluster.Contract;
import io.vaultkms.platform.cluster.Watches;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches exactly the Secrets and ConfigMaps that the configuration names, each by its name, and
 * follows the configuration as it names others. For one thread; {@link #close} from any.
 */
final class ReferenceWatches implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ReferenceWatches.class);

  private final KubernetesClient client;
  private final Runnable wake;
  private final Runnable lost;
  private final Map<Watched, AutoCloseable> watches = new HashMap<>();
  private boolean closed;

  /** An object in {@code openshift-config}. */
  record Watched(Reference.Kind kind, String name) {}

  ReferenceWatches(KubernetesClient client, Runnable wake, Runnable lost) {
    this.client = client;
    this.wake = wake;
    this.lost = lost;
  }

  /** Watches what is named now, and no longer what was named before. */
  synchronized void follow(List<Reference> references) {
    Set<Watched> wanted =
        references.stream()
            .map(reference -> new Watched(reference.kind(), reference.name()))
            .collect(Collectors.toSet());
    for (Watched old : new HashSet<>(watches.keySet())) {
      if (!wanted.contains(old)) {
        stop(old);
      }
    }
    for (Watched named : wanted) {
      if (!closed && !watches.containsKey(named)) {
        watches.put(named, start(named));
      }
    }
  }

  /** What is watched now. */
  synchronized Set<Watched> watched() {
    return Set.copyOf(watches.keySet());
  }

  private AutoCloseable start(Watched named) {
    String what = named.kind().kind() + " " + Contract.CONFIG_NAMESPACE + "/" + named.name();
    return switch (named.kind()) {
      case SECRET ->
          Watches.wake(
              what,
              client.secrets().inNamespace(Contract.CONFIG_NAMESPACE).withName(named.name()),
              wake,
              lost);
      case CONFIG_MAP ->
          Watches.wake(
              what,
              client.configMaps().inNamespace(Contract.CONFIG_NAMESPACE).withName(named.name()),
              wake,
              lost);
    };
  }

  private void stop(Watched old) {
    try {
      watches.remove(old).close();
    } catch (Exception e) {
      LOG.warn("the watch of {} does not end cleanly: {}", old.name(), e.getMessage());
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    follow(List.of());
  }
}
