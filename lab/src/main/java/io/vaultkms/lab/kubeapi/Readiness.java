package io.vaultkms.lab.kubeapi;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

/** Waiting for a program that has been started. */
final class Readiness {
  private static final Duration LIMIT = Duration.ofSeconds(180);
  private static final Duration PAUSE = Duration.ofMillis(200);

  private Readiness() {}

  /** Asks a program whether it is ready; one that cannot be reached yet is not. */
  @FunctionalInterface
  interface Question {
    boolean ask() throws IOException, InterruptedException;
  }

  /**
   * Returns when the program is ready.
   *
   * @throws IllegalStateException if it has ended, or is not ready in time
   */
  static void await(String name, TetheredProcess process, Question question) {
    Instant limit = Instant.now().plus(LIMIT);
    try {
      while (!isReady(question)) {
        if (!process.running()) {
          throw new IllegalStateException(
              "%s ended at its start: %s".formatted(name, process.lastWords()));
        }
        if (Instant.now().isAfter(limit)) {
          throw new IllegalStateException(
              "%s was not ready after %d s".formatted(name, LIMIT.toSeconds()));
        }
        Thread.sleep(PAUSE);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for " + name, e);
    }
  }

  private static boolean isReady(Question question) throws InterruptedException {
    try {
      return question.ask();
    } catch (IOException e) {
      return false;
    }
  }
}
