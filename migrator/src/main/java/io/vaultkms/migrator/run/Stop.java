package io.vaultkms.migrator.run;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Says once and for all that a run must not go on, and interrupts its threads. From any thread. */
final class Stop {
  private final AtomicReference<@Nullable String> reason = new AtomicReference<>();
  private final ExecutorService threads;

  /**
   * @param threads all that work on the run
   */
  Stop(ExecutorService threads) {
    this.threads = threads;
  }

  /** The first reason counts. */
  void because(String why) {
    if (reason.compareAndSet(null, why)) {
      threads.shutdownNow();
    }
  }

  void check() throws Stopped {
    String why = reason.get();
    if (why != null) {
      throw new Stopped(why);
    }
  }
}
