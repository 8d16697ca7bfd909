package io.vaultkms.lab.kubelet;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Runs what one manifest file asks for, on a virtual thread of its own: a changed manifest stops
 * the pod and starts the new one, no manifest ends it.
 */
final class PodWorker {
  private final Function<String, List<String>> images;
  private final Path logs;
  private final Backoff backoff;
  private final Thread thread;
  private @Nullable PodManifest wanted;
  private volatile List<ContainerRunner> containers = List.of();

  PodWorker(PodManifest first, Function<String, List<String>> images, Path logs, Backoff backoff) {
    this.wanted = first;
    this.images = images;
    this.logs = logs;
    this.backoff = backoff;
    this.thread = Thread.ofVirtual().name("pod-worker-" + first.name()).start(this::run);
  }

  /** Says what is to run from now on; null for nothing. */
  synchronized void want(@Nullable PodManifest manifest) {
    wanted = manifest;
    notifyAll();
  }

  /** False once it was told to end and has. */
  boolean alive() {
    return thread.isAlive();
  }

  void awaitEnd() throws InterruptedException {
    thread.join();
  }

  List<PodStatus> statuses() {
    return containers.stream().map(ContainerRunner::status).toList();
  }

  private void run() {
    try {
      PodManifest manifest = current();
      while (manifest != null) {
        start(manifest);
        awaitOther(manifest);
        stop(manifest);
        manifest = current();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized @Nullable PodManifest current() {
    return wanted;
  }

  private synchronized void awaitOther(PodManifest manifest) throws InterruptedException {
    while (manifest.equals(wanted)) {
      wait();
    }
  }

  private void start(PodManifest manifest) {
    List<ContainerRunner> started =
        manifest.containers().stream()
            .map(each -> new ContainerRunner(manifest, each, images, logs, backoff))
            .toList();
    containers = started;
    started.forEach(ContainerRunner::start);
  }

  private void stop(PodManifest manifest) {
    containers.forEach(ContainerRunner::beginStop);
    containers.forEach(each -> each.awaitEnd(Duration.ofSeconds(manifest.grace())));
    containers = List.of();
  }
}
