package io.vaultkms.health;

import io.vaultkms.platform.log.Assignment;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Whether it is this replica that tells people. That is for the group to say, but it is not waited
 * for longer than a while: with a broker that is away the status is kept all the same. From any
 * thread.
 */
final class Duty {
  /** Longer than a group takes to forget a member that was killed. */
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Assignment assignment;
  private final CountDownLatch decided = new CountDownLatch(1);

  Duty(Assignment assignment) {
    this.assignment = assignment;
  }

  /** The group has said who has what. */
  void decided() {
    decided.countDown();
  }

  /** Waits until the group has spoken once, or has not for too long. */
  void awaitDecision() throws InterruptedException {
    if (!decided.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
      decided.countDown();
    }
  }

  boolean isOurs() {
    return decided.getCount() == 0 && !assignment.elsewhere();
  }
}
