package io.vaultkms.cli.demo;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.vaultkms.model.node.NodeReport;
import io.vaultkms.platform.cluster.Contract;
import io.vaultkms.platform.cluster.Observer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Says for each node when its own API server has shown that it uses a revision: the log tells only
 * when all of them have.
 */
final class ConvergenceWatch implements AutoCloseable {
  private final Screen screen;
  private final Map<String, Long> told = new ConcurrentHashMap<>();
  private final SharedIndexInformer<GenericKubernetesResource> informer;

  private ConvergenceWatch(KubernetesClient admin, Screen screen) {
    this.screen = screen;
    this.informer =
        admin
            .genericKubernetesResources(Contract.ENCRYPTION_NODES)
            .inform(
                new ResourceEventHandler<>() {
                  @Override
                  public void onAdd(GenericKubernetesResource node) {
                    look(node);
                  }

                  @Override
                  public void onUpdate(
                      GenericKubernetesResource before, GenericKubernetesResource after) {
                    look(after);
                  }

                  @Override
                  public void onDelete(GenericKubernetesResource node, boolean unknown) {
                    told.remove(node.getMetadata().getName());
                  }
                });
  }

  static ConvergenceWatch start(KubernetesClient admin, Screen screen) {
    return new ConvergenceWatch(admin, screen);
  }

  private void look(GenericKubernetesResource node) {
    String name = node.getMetadata().getName();
    long revision = Observer.report(node).map(NodeReport::convergedRevision).orElse(0L);
    if (revision > told.getOrDefault(name, 0L)) {
      told.put(name, revision);
      screen.line("  %s: its API server uses revision %d", name, revision);
    }
  }

  @Override
  public void close() {
    informer.close();
  }
}
