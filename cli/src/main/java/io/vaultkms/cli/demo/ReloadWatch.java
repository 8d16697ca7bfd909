package io.vaultkms.cli.demo;

import io.vaultkms.lab.cluster.ControlPlane;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Says for each node that has a new EncryptionConfiguration file until when its API server may take
 * to look at it: a minute is long when nobody says what is waited for.
 */
final class ReloadWatch implements AutoCloseable {
  /** Nobody needs to be told what is over in a moment. */
  private static final Duration WORTH_SAYING = Duration.ofSeconds(10);

  private static final long LOOK_MILLIS = 500;
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneId.systemDefault());

  private final ControlPlane controlPlane;
  private final Screen screen;
  private final Map<String, Instant> written = new HashMap<>();
  private final CountDownLatch end = new CountDownLatch(1);

  private ReloadWatch(ControlPlane controlPlane, Screen screen) {
    this.controlPlane = controlPlane;
    this.screen = screen;
  }

  static ReloadWatch start(ControlPlane controlPlane, Screen screen) {
    ReloadWatch watch = new ReloadWatch(controlPlane, screen);
    if (controlPlane.reloadPoll().compareTo(WORTH_SAYING) >= 0) {
      controlPlane.nodes().forEach(node -> watch.written.put(node, watch.time(node)));
      Thread.ofVirtual().name("reload-watch").start(watch::run);
    }
    return watch;
  }

  private void run() {
    try {
      while (!end.await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
        controlPlane.nodes().forEach(this::look);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void look(String node) {
    Instant time = time(node);
    if (!time.equals(written.put(node, time))) {
      screen.line(
          "  %s: waits for its API server to look at its file, at the latest %s",
          node, CLOCK.format(time.plus(controlPlane.reloadPoll())));
    }
  }

  private Instant time(String node) {
    try {
      return Files.getLastModifiedTime(controlPlane.encryptionConfig(node)).toInstant();
    } catch (IOException e) {
      return written.getOrDefault(node, Instant.EPOCH);
    }
  }

  @Override
  public void close() {
    end.countDown();
  }
}
