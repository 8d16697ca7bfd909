package io.vaultkms.lab.kubelet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's kubelet, as far as static pods go: runs what the manifests in a folder ask for as child
 * processes, starts again what ends (after 200 ms, doubling to 10 s), restarts a pod whose manifest
 * changes, stops one whose manifest goes. Files that begin with a dot or end with {@code .tmp} are
 * passed over. Looks every 200 ms. Safe for any thread.
 */
public final class LabKubelet implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LabKubelet.class);
  private static final Duration POLL = Duration.ofMillis(200);

  private final Path manifests;
  private final Path logs;
  private final Function<String, List<String>> images;
  private final Backoff backoff;
  private final Map<Path, Seen> files = new ConcurrentHashMap<>();
  private final Set<PodWorker> workers = ConcurrentHashMap.newKeySet();
  private final Thread watcher;
  private final @Nullable Thread shower;
  private final Thread lastResort = new Thread(this::close);
  private volatile boolean closed;

  /** A file as it was read last; no worker if it is no manifest that can be run. */
  private record Seen(byte[] content, @Nullable PodWorker worker) {}

  private LabKubelet(
      Path manifests,
      Path logs,
      Function<String, List<String>> images,
      Backoff backoff,
      @Nullable MirrorPods mirror) {
    this.manifests = manifests;
    this.logs = logs;
    this.images = images;
    this.backoff = backoff;
    this.watcher = Thread.ofVirtual().name("kubelet").unstarted(this::watch);
    this.shower =
        mirror == null
            ? null
            : Thread.ofVirtual().name("kubelet-mirror").unstarted(() -> keepShowing(mirror));
  }

  /**
   * Starts to watch a folder of manifests.
   *
   * @param manifests the folder, made if it does not exist
   * @param logs where each container's output goes, {@code <pod>.log}, or {@code
   *     <pod>-<container>.log} if the names differ; made if it does not exist
   * @param images the command that an image stands for; an empty list if there is no such image
   */
  public static LabKubelet start(Path manifests, Path logs, Function<String, List<String>> images) {
    return start(manifests, logs, images, Backoff.LAB, null);
  }

  /**
   * The same, which also shows its pods to a cluster.
   *
   * @param mirror where they are shown; it is this kubelet's from now on
   */
  public static LabKubelet start(
      Path manifests, Path logs, Function<String, List<String>> images, MirrorPods mirror) {
    return start(manifests, logs, images, Backoff.LAB, mirror);
  }

  static LabKubelet start(
      Path manifests,
      Path logs,
      Function<String, List<String>> images,
      Backoff backoff,
      @Nullable MirrorPods mirror) {
    try {
      Files.createDirectories(manifests);
      Files.createDirectories(logs);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    LabKubelet kubelet = new LabKubelet(manifests, logs, images, backoff, mirror);
    Runtime.getRuntime().addShutdownHook(kubelet.lastResort);
    kubelet.watcher.start();
    if (kubelet.shower != null) {
      kubelet.shower.start();
    }
    return kubelet;
  }

  /** What every container is doing, those included that are on their way out. */
  public List<PodStatus> pods() {
    return workers.stream().flatMap(worker -> worker.statuses().stream()).toList();
  }

  private void watch() {
    try {
      while (!closed) {
        look();
        Thread.sleep(POLL);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Apart from the watcher: a cluster that is away must not keep it from its manifests. */
  private void keepShowing(MirrorPods mirror) {
    try {
      while (!closed) {
        showNow(mirror);
        Thread.sleep(POLL);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void showNow(MirrorPods mirror) {
    try {
      mirror.show(running());
    } catch (RuntimeException e) {
      LOG.warn("The static pods cannot be shown to the cluster: {}", e.toString());
    }
  }

  private List<MirrorPods.Running> running() {
    return files.values().stream()
        .filter(seen -> seen.worker() != null && !seen.worker().statuses().isEmpty())
        .map(
            seen ->
                new MirrorPods.Running(
                    seen.content(), PodManifest.hash(seen.content()), seen.worker().statuses()))
        .toList();
  }

  private synchronized void look() {
    if (closed) {
      return;
    }
    Set<Path> present = new HashSet<>();
    try (Stream<Path> listed = Files.list(manifests)) {
      for (Path file : listed.filter(LabKubelet::isManifest).toList()) {
        present.add(file);
        read(file);
      }
    } catch (IOException e) {
      if (closed) {
        return;
      }
      LOG.warn("The manifests in {} cannot be listed: {}", manifests, e.toString());
      return;
    }
    for (Path file : List.copyOf(files.keySet())) {
      if (!present.contains(file)) {
        end(files.remove(file));
      }
    }
    workers.removeIf(worker -> !worker.alive());
  }

  private static boolean isManifest(Path file) {
    String name = file.getFileName().toString();
    return !name.startsWith(".") && !name.endsWith(".tmp") && Files.isRegularFile(file);
  }

  private void read(Path file) throws IOException {
    byte[] content;
    try {
      content = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      return;
    }
    Seen seen = files.get(file);
    if (seen != null && MessageDigest.isEqual(seen.content(), content)) {
      return;
    }
    files.put(file, new Seen(content, run(file, content, seen)));
  }

  /** As the real kubelet does, a file that is no good counts as none. */
  private @Nullable PodWorker run(Path file, byte[] content, @Nullable Seen before) {
    PodManifest manifest;
    try {
      manifest = PodManifest.parse(content);
    } catch (IllegalArgumentException e) {
      LOG.error("Manifest {} is not run: {}", file, e.getMessage());
      end(before);
      return null;
    }
    PodWorker worker = before == null ? null : before.worker();
    if (worker != null) {
      worker.want(manifest);
      return worker;
    }
    PodWorker made = new PodWorker(manifest, images, logs, backoff);
    workers.add(made);
    return made;
  }

  private static void end(@Nullable Seen seen) {
    if (seen != null && seen.worker() != null) {
      seen.worker().want(null);
    }
  }

  /** Stops all pods and waits until their processes have ended. */
  @Override
  public void close() {
    closed = true;
    watcher.interrupt();
    if (shower != null) {
      shower.interrupt();
    }
    synchronized (this) {
      files.values().forEach(LabKubelet::end);
      files.clear();
    }
    try {
      for (PodWorker worker : workers) {
        worker.awaitEnd();
      }
      watcher.join();
      if (shower != null) {
        shower.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (Thread.currentThread() != lastResort) {
      removeLastResort();
    }
  }

  private void removeLastResort() {
    try {
      Runtime.getRuntime().removeShutdownHook(lastResort);
    } catch (IllegalStateException e) {
      // The machine is shutting down: closing twice does no harm.
    }
  }
}
