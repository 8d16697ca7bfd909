package io.vaultkms.migrator.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AdaptiveLimitTest {
  private final AtomicLong now = new AtomicLong();

  @Test
  void holdsBackWhoeverComesWhenAllPlacesAreTaken() throws Exception {
    AdaptiveLimit limit = new AdaptiveLimit(64, 0);
    for (int i = 0; i < 8; i++) {
      limit.acquire();
    }
    AtomicInteger through = new AtomicInteger();
    Thread next =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    limit.acquire();
                    through.incrementAndGet();
                  } catch (InterruptedException e) {
                    through.set(-1);
                  }
                });
    await().until(() -> next.getState() == Thread.State.WAITING);
    assertThat(through).hasValue(0);
    limit.release();
    next.join();
    assertThat(through).hasValue(1);
    assertThat(limit.inFlight()).isEqualTo(8);
  }

  @Test
  void climbsWhileAnswersComeFaster() throws Exception {
    AdaptiveLimit limit = new AdaptiveLimit(64, 0, now::get);
    for (int window = 0; window < 5; window++) {
      int places = limit.limit();
      for (int i = 0; i < places; i++) {
        limit.acquire();
      }
      for (int i = 0; i < 50 * places; i++) {
        now.addAndGet(Duration.ofMillis(20).toNanos() / places);
        limit.answered(Duration.ofMillis(20));
      }
      for (int i = 0; i < places; i++) {
        limit.release();
      }
    }
    assertThat(limit.limit()).isEqualTo(64);
  }

  @Test
  void needsShorterWindowsOnTheWayUpThanLater() throws Exception {
    AdaptiveLimit limit = new AdaptiveLimit(16, 0, now::get);
    List<Integer> limits = new ArrayList<>();
    for (int quarter = 0; quarter < 6; quarter++) {
      while (limit.inFlight() < limit.limit()) {
        limit.acquire();
      }
      for (int i = 0; i < 200; i++) {
        now.addAndGet(Duration.ofMillis(250).toNanos() / 200);
        limit.answered(Duration.ofMillis(20));
      }
      while (limit.inFlight() > 0) {
        limit.release();
      }
      limits.add(limit.limit());
    }
    // Up after one quarter of a second; then two windows of two quarters until the first trial.
    assertThat(limits).containsExactly(16, 16, 16, 16, 16, 8);
  }

  @Test
  void takesRefusalsOfRequestsThatWereUnderWayTogetherAsOne() {
    AdaptiveLimit limit = new AdaptiveLimit(64, 0, now::get);
    for (int i = 0; i < 8; i++) {
      limit.overloaded(Optional.empty());
    }
    assertThat(limit.limit()).isEqualTo(4);
    now.addAndGet(Duration.ofSeconds(1).toNanos());
    limit.overloaded(Optional.empty());
    assertThat(limit.limit()).isEqualTo(2);
  }

  @Test
  void beginsNothingForAsLongAsTheServerAsks() throws Exception {
    AdaptiveLimit limit = new AdaptiveLimit(64, 0);
    limit.overloaded(Optional.of(Duration.ofMillis(200)));
    long start = System.nanoTime();
    limit.acquire();
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isGreaterThanOrEqualTo(Duration.ofMillis(190));
  }

  @Test
  void beginsNoMoreASecondThanAllowed() throws Exception {
    AdaptiveLimit limit = new AdaptiveLimit(1_000, 100);
    long start = System.nanoTime();
    for (int i = 0; i < 30; i++) {
      limit.acquire();
      limit.release();
    }
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isGreaterThanOrEqualTo(Duration.ofMillis(280));
  }

  @Test
  void comesBackFromOneAtATimeHoweverSlowTheAnswersAre() throws Exception {
    AdaptiveLimit limit = new AdaptiveLimit(64, 0, now::get);
    for (int i = 0; i < 10; i++) {
      now.addAndGet(Duration.ofSeconds(1).toNanos());
      limit.overloaded(Optional.empty());
    }
    assertThat(limit.limit()).isEqualTo(1);
    for (int i = 0; i < 20_000 && limit.limit() < 8; i++) {
      while (limit.inFlight() < limit.limit()) {
        limit.acquire();
      }
      now.addAndGet(Duration.ofMillis(150).toNanos() / limit.limit());
      limit.answered(Duration.ofMillis(150));
      limit.release();
    }
    assertThat(limit.limit()).isEqualTo(8);
  }
}
