package io.vaultkms.migrator.run;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Once a second: measures how far a run is, says that it is alive, and tells the log, which may be
 * away: then the run goes on untold.
 */
final class Reporter implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Reporter.class);
  private static final double SMOOTHING = 0.3;

  private final Plan plan;
  private final Map<String, Tally> tallies;
  private final RunMetrics metrics;
  private final Story story;
  private final ExecutorService threads;
  private final Runnable alive;
  private final Map<String, RunMetrics.Far> last = new HashMap<>();
  private final Map<String, Long> lastRetries = new HashMap<>();
  private final Thread thread = Thread.ofVirtual().name("reporter").unstarted(this::report);
  private long lastTime = System.nanoTime();
  private @Nullable Future<?> telling;

  Reporter(
      Plan plan,
      Map<String, Tally> tallies,
      RunMetrics metrics,
      Story story,
      ExecutorService threads,
      Runnable alive) {
    this.plan = plan;
    this.tallies = Map.copyOf(tallies);
    this.metrics = metrics;
    this.story = story;
    this.threads = threads;
    this.alive = alive;
  }

  Reporter start() {
    thread.start();
    return this;
  }

  private void report() {
    try {
      while (!threads.isShutdown()) {
        alive.run();
        Collection<String> moved = measure();
        if (telling == null || telling.isDone()) {
          Map<String, RunMetrics.Far> now = Map.copyOf(last);
          telling = threads.submit(() -> tell(moved, now));
        }
        Thread.sleep(1_000);
      }
    } catch (InterruptedException | RejectedExecutionException e) {
      // The run has ended.
    }
  }

  /** The resources that have come further since the last time. */
  private List<String> measure() {
    long now = System.nanoTime();
    double seconds = Math.max(now - lastTime, 1_000_000) / 1e9;
    lastTime = now;
    return tallies.entrySet().stream()
        .filter(entry -> measure(entry.getKey(), entry.getValue(), seconds))
        .map(Map.Entry::getKey)
        .toList();
  }

  private boolean measure(String resource, Tally tally, double seconds) {
    RunMetrics.Far before = last.getOrDefault(resource, RunMetrics.Far.NOWHERE);
    long done = tally.done();
    double rate = (done - before.done()) / seconds;
    double smooth = before.rate() == 0 ? rate : SMOOTHING * rate + (1 - SMOOTHING) * before.rate();
    RunMetrics.Far far = new RunMetrics.Far(done, tally.total(), smooth);
    last.put(resource, far);
    metrics.far(resource, far);
    long retries = tally.retries();
    metrics.retries(resource, retries - lastRetries.getOrDefault(resource, 0L));
    lastRetries.put(resource, retries);
    return done != before.done();
  }

  private void tell(Collection<String> moved, Map<String, RunMetrics.Far> now) {
    try {
      story.started(plan);
      for (String resource : moved) {
        RunMetrics.Far far = now.get(resource);
        if (far != null) {
          story.progressed(
              plan.run(), plan.step().keyId(), resource, far.done(), far.total(), far.rate());
        }
      }
    } catch (RuntimeException e) {
      LOG.debug("progress is not told: {}", e.getMessage());
    }
  }

  /** Measures a last time. */
  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    measure();
  }
}
