package io.vaultkms.platform.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class BurstTest {
  @Test
  void holdsNothingUpWhereNothingWoke() throws Exception {
    assertThat(timed(new Burst(Duration.ofHours(1), Duration.ofHours(2)))).isLessThan(1_000);
  }

  @Test
  void waitsUntilItIsQuiet() throws Exception {
    Burst burst = new Burst(Duration.ofMillis(100), Duration.ofHours(1));
    burst.begin();

    assertThat(timed(burst)).isBetween(90L, 5_000L);
  }

  @Test
  void doesNotWaitForEverForAStreamOfWakes() throws Exception {
    Burst burst = new Burst(Duration.ofMillis(100), Duration.ofMillis(300));
    AtomicBoolean ended = new AtomicBoolean();
    burst.begin();
    Thread stream =
        Thread.startVirtualThread(
            () -> {
              while (!ended.get()) {
                burst.begin();
                Thread.onSpinWait();
                Thread.yield();
              }
            });
    try {
      assertThat(timed(burst)).isBetween(250L, 10_000L);
    } finally {
      ended.set(true);
      stream.join();
    }
  }

  private static long timed(Burst burst) throws InterruptedException {
    long began = System.nanoTime();
    burst.awaitEnd();
    return Duration.ofNanos(System.nanoTime() - began).toMillis();
  }
}
