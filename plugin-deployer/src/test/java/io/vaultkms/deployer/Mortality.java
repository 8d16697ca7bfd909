package io.vaultkms.deployer;

import io.vaultkms.lab.apiserver.LabControlPlane;
import io.vaultkms.lab.apiserver.RequestInfo;
import io.vaultkms.lab.world.ChildProcess;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Kills a process right after each write of its that the cluster stores, before it hears of it, and
 * starts it again, also when it has died by itself of what its diary says. Spares it at first.
 */
final class Mortality implements AutoCloseable {
  private static final long LOOK_MILLIS = 10;

  private final ChildProcess process;
  private final Predicate<RequestInfo> own;
  private final Diary diary;
  private final List<Death> deaths = new CopyOnWriteArrayList<>();
  private final AtomicInteger writes = new AtomicInteger();
  private final Thread reviver;
  private volatile boolean spared = true;
  private volatile boolean over;

  private Mortality(ChildProcess process, Predicate<RequestInfo> own, Diary diary) {
    this.process = process;
    this.own = own;
    this.diary = diary;
    this.reviver = Thread.ofVirtual().name("revive-" + process.name()).unstarted(this::revive);
  }

  /**
   * @param own which requests are the process's
   * @param diary its own, which spares it
   */
  static Mortality of(
      ChildProcess process, LabControlPlane cluster, Predicate<RequestInfo> own, Diary diary) {
    Mortality mortality = new Mortality(process, own, diary);
    cluster
        .nodes()
        .forEach(node -> cluster.server(node).faults().afterStore(mortality.own, mortality::kill));
    mortality.reviver.start();
    return mortality;
  }

  private void kill(RequestInfo write) {
    String words =
        "%s %s %s"
            .formatted(
                write.verb(),
                write.resource(),
                write.name().isEmpty() ? "in " + write.namespace() : write.name());
    if (spared || !diary.fate().strikes(process.name() + writes.incrementAndGet())) {
      return;
    }
    deaths.add(new Death(Instant.now(), words));
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

  String name() {
    return process.name();
  }

  /** What it died of, by others' hands and by its own. */
  List<Death> deaths() {
    return Stream.concat(deaths.stream(), diary.deaths().stream()).toList();
  }

  /** From now on it dies. */
  void doom() {
    diary.doom();
    spared = false;
  }

  /** From now on it lives. */
  void spare() {
    spared = true;
    diary.spare();
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
