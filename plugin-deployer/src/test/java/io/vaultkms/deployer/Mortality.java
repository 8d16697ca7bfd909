package io.vaultkms.deployer;

import io.vaultkms.lab.apiserver.LabControlPlane;
import io.vaultkms.lab.apiserver.RequestInfo;
import io.vaultkms.lab.world.ChildProcess;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Kills a process right after each write of its that the cluster stores, before it hears of it, and
 * starts it again, also when it has died by itself.
 */
final class Mortality implements AutoCloseable {
  private static final long LOOK_MILLIS = 10;

  private final ChildProcess process;
  private final Predicate<RequestInfo> own;
  private final List<String> deaths = new CopyOnWriteArrayList<>();
  private final Thread reviver;
  private volatile boolean spared;
  private volatile boolean over;

  private Mortality(ChildProcess process, Predicate<RequestInfo> own) {
    this.process = process;
    this.own = own;
    this.reviver = Thread.ofVirtual().name("revive-" + process.name()).unstarted(this::revive);
  }

  /**
   * @param own which requests are the process's
   */
  static Mortality of(ChildProcess process, LabControlPlane cluster, Predicate<RequestInfo> own) {
    Mortality mortality = new Mortality(process, own);
    cluster
        .nodes()
        .forEach(node -> cluster.server(node).faults().afterStore(mortality.own, mortality::kill));
    mortality.reviver.start();
    return mortality;
  }

  private void kill(RequestInfo write) {
    if (spared) {
      return;
    }
    deaths.add(write.verb() + " " + write.resource() + " " + write.name());
    process
        .handle()
        .ifPresent(
            handle -> {
              handle.destroyForcibly();
              handle.onExit().orTimeout(10, TimeUnit.SECONDS).join();
            });
  }

  private void revive() {
    try {
      while (!over) {
        if (process.handle().isEmpty()) {
          process.start();
        }
        TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The writes that it died of. */
  List<String> deaths() {
    return List.copyOf(deaths);
  }

  /** From now on it lives. */
  void spare() {
    spared = true;
  }

  /** Nobody starts it again. */
  @Override
  public void close() {
    spared = true;
    over = true;
    try {
      reviver.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
