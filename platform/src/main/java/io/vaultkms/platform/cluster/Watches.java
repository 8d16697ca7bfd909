package io.vaultkms.platform.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.dsl.Informable;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches that wake: each change of what is watched calls back on the client's own thread, which
 * must not be held up. They resume where they were, list anew when that is too old, and survive a
 * cluster that is away, at the start too.
 */
public final class Watches {
  private static final Logger LOG = LoggerFactory.getLogger(Watches.class);

  private Watches() {}

  /** Watches until closed. */
  public static <T extends HasMetadata> AutoCloseable wake(
      String what, Informable<T> watched, Runnable wake) {
    return wake(what, watched, wake, () -> {});
  }

  /**
   * Watches until closed.
   *
   * @param lost is called each time that the watch breaks off or cannot begin, before it is begun
   *     anew
   */
  public static <T extends HasMetadata> AutoCloseable wake(
      String what, Informable<T> watched, Runnable wake, Runnable lost) {
    SharedIndexInformer<T> informer = watched.runnableInformer(0);
    informer.exceptionHandler(
        (started, problem) -> {
          LOG.warn("watch of {}: {}", what, problem.getMessage());
          lost.run();
          return true;
        });
    informer.addEventHandler(
        new ResourceEventHandler<>() {
          @Override
          public void onAdd(T object) {
            wake.run();
          }

          @Override
          public void onUpdate(T before, T after) {
            wake.run();
          }

          @Override
          public void onDelete(T object, boolean stateUnknown) {
            wake.run();
          }
        });
    informer.start();
    return informer::stop;
  }
}
