package io.vaultkms.lab.log;

import io.vaultkms.platform.log.LogSettings;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** A process that joins a group and dies, without any goodbye, while it handles the first event. */
final class DyingMember {
  static final int DIED = 71;

  private DyingMember() {}

  public static void main(String[] args) throws InterruptedException {
    LogSettings settings = new LogSettings(args[0], Map.of(), LogFixture.PARTITIONS, 1);
    new Member(Vertx.vertx(), settings, args[1], args[1])
        .consume(LogFixture.QUICK, received -> Runtime.getRuntime().halt(DIED));
    new CountDownLatch(1).await();
  }
}
