package io.vaultkms.platform.log;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Says once and for all that work is to end, and wakes those that pause. */
final class StopSignal {
  private final CountDownLatch given = new CountDownLatch(1);

  void give() {
    given.countDown();
  }

  boolean isGiven() {
    return given.getCount() == 0;
  }

  /** Pauses, unless or until the signal is given, which ends the work with the exception. */
  void pause(Duration duration) throws InterruptedException {
    if (given.await(duration.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new InterruptedException("stopped");
    }
  }
}
