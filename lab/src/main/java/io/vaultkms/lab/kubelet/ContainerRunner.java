package io.vaultkms.lab.kubelet;

import io.vaultkms.lab.kubelet.PodManifest.Container;
import io.vaultkms.lab.kubelet.PodManifest.Volume;
import io.vaultkms.lab.kubelet.PodStatus.State;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps one container running, as a process, on a virtual thread, until it is stopped. */
final class ContainerRunner {
  private static final Logger LOG = LoggerFactory.getLogger(ContainerRunner.class);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final int LONGEST_WORDS = 2048;

  private final PodManifest pod;
  private final Container container;
  private final Function<String, List<String>> images;
  private final Path logs;
  private final Backoff backoff;
  private final Thread thread;
  private volatile PodStatus status;
  private volatile boolean stopping;
  private @Nullable Process process;
  private long logStart;

  ContainerRunner(
      PodManifest pod,
      Container container,
      Function<String, List<String>> images,
      Path logs,
      Backoff backoff) {
    this.pod = pod;
    this.container = container;
    this.images = images;
    this.logs = logs;
    this.backoff = backoff;
    this.status =
        new PodStatus(
            pod.name(),
            container.name(),
            container.image(),
            State.CONTAINER_CREATING,
            OptionalLong.empty(),
            0,
            OptionalInt.empty(),
            "",
            "");
    this.thread = Thread.ofVirtual().name("pod-" + pod.name()).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  PodStatus status() {
    return status;
  }

  private void run() {
    try {
      Duration wait = Duration.ZERO;
      while (!stopping) {
        if (!prepare()) {
          Thread.sleep(RETRY);
          continue;
        }
        long started = System.nanoTime();
        int exit = runOnce();
        if (stopping) {
          return;
        }
        wait = backoff.next(wait, Duration.ofNanos(System.nanoTime() - started));
        String reason = "exit code %d, again in %d ms".formatted(exit, wait.toMillis());
        LOG.warn("Container {} of pod {} ended: {}", container.name(), pod.name(), reason);
        ended(exit, reason);
        Thread.sleep(wait);
        restarted();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Image and volumes; false, with the reason in the status, if the container cannot start yet. */
  private boolean prepare() {
    List<String> known = images.apply(container.image());
    if (known == null || known.isEmpty()) {
      wait(State.IMAGE_PULL_BACK_OFF, "image " + container.image() + " cannot be pulled");
      return false;
    }
    try {
      for (Volume volume : pod.volumes()) {
        if (volume.create()) {
          Files.createDirectories(volume.path());
        } else if (Files.notExists(volume.path())) {
          wait(State.CONTAINER_CREATING, volume.path() + " does not exist");
          return false;
        }
      }
      return true;
    } catch (IOException e) {
      wait(State.CONTAINER_CREATING, "a volume cannot be made: " + e);
      return false;
    }
  }

  private void wait(State state, String reason) {
    if (!status.reason().equals(reason)) {
      LOG.warn("Container {} of pod {} waits: {}", container.name(), pod.name(), reason);
    }
    become(state, OptionalLong.empty(), status.lastExit(), reason);
  }

  private int runOnce() throws InterruptedException {
    try {
      Process started = launch();
      return started == null ? 0 : started.waitFor();
    } catch (IOException e) {
      LOG.warn(
          "Container {} of pod {} cannot start: {}", container.name(), pod.name(), e.toString());
      return 127;
    }
  }

  /** Null if the container was stopped meanwhile: no process may begin after that. */
  private synchronized @Nullable Process launch() throws IOException {
    if (stopping) {
      return null;
    }
    ProcessBuilder builder =
        new ProcessBuilder(command())
            .directory(logs.toFile())
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
    Map<String, String> environment = builder.environment();
    String path = environment.getOrDefault("PATH", "/usr/bin:/bin");
    environment.clear();
    environment.put("PATH", path);
    environment.putAll(container.environment());
    logStart = Files.exists(log()) ? Files.size(log()) : 0;
    Process started = builder.start();
    process = started;
    LOG.info("Container {} of pod {} runs as {}", container.name(), pod.name(), started.pid());
    become(State.RUNNING, OptionalLong.of(started.pid()), status.lastExit(), "");
    return started;
  }

  private List<String> command() {
    List<String> command =
        new ArrayList<>(
            container.command().isEmpty() ? images.apply(container.image()) : container.command());
    command.addAll(container.args());
    return command;
  }

  private Path log() {
    boolean alone = container.name().equals(pod.name());
    return logs.resolve(alone ? pod.name() + ".log" : pod.name() + "-" + container.name() + ".log");
  }

  private synchronized void become(
      State state, OptionalLong pid, OptionalInt lastExit, String reason) {
    become(state, pid, lastExit, status.lastWords(), reason);
  }

  private synchronized void become(
      State state, OptionalLong pid, OptionalInt lastExit, String lastWords, String reason) {
    PodStatus now = status;
    State shown = stopping ? State.TERMINATING : state;
    status =
        new PodStatus(
            now.name(),
            now.container(),
            now.image(),
            shown,
            pid,
            now.restarts(),
            lastExit,
            lastWords,
            reason);
  }

  private void ended(int exit, String reason) {
    String words = exit != 0 && container.tellsLog() ? lastWords() : "";
    become(State.CRASH_LOOP_BACK_OFF, OptionalLong.empty(), OptionalInt.of(exit), words, reason);
  }

  /** The end of what the process that has just ended wrote. */
  private String lastWords() {
    try (SeekableByteChannel channel = Files.newByteChannel(log())) {
      long size = channel.size();
      channel.position(Math.max(logStart, size - LONGEST_WORDS));
      ByteBuffer bytes = ByteBuffer.allocate((int) (size - channel.position()));
      while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
        // Until all of it is there.
      }
      return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  private synchronized void restarted() {
    PodStatus now = status;
    status =
        new PodStatus(
            now.name(),
            now.container(),
            now.image(),
            now.state(),
            now.pid(),
            now.restarts() + 1,
            now.lastExit(),
            now.lastWords(),
            now.reason());
  }

  /** SIGTERM; {@link #awaitEnd} says when it is over. */
  void beginStop() {
    synchronized (this) {
      stopping = true;
      become(State.TERMINATING, status.pid(), status.lastExit(), "");
      if (process != null) {
        process.destroy();
      }
    }
    thread.interrupt();
  }

  /** Waits for the process to end, and kills it when the grace period is over. */
  void awaitEnd(Duration grace) {
    Process ending;
    synchronized (this) {
      ending = process;
    }
    if (ending == null) {
      return;
    }
    List<ProcessHandle> family = ending.descendants().toList();
    try {
      if (!ending.waitFor(grace.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("Container {} of pod {} is killed", container.name(), pod.name());
        ending.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      ending.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    family.forEach(ProcessHandle::destroyForcibly);
  }
}
