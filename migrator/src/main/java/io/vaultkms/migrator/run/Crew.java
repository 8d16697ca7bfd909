package io.vaultkms.migrator.run;

import io.vaultkms.migrator.limit.AdaptiveLimit;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Virtual threads that each rewrite one object, no more at once than the limit allows. The first
 * failure that is not about one object ends the walk.
 */
final class Crew {
  private final AdaptiveLimit limit;
  private final ExecutorService threads;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition idle = lock.newCondition();
  private int working;
  private @Nullable Exception failure;

  Crew(AdaptiveLimit limit, ExecutorService threads) {
    this.limit = limit;
    this.threads = threads;
  }

  @FunctionalInterface
  interface Task {
    void run() throws IOException, InterruptedException, Stopped;
  }

  /** Waits for a place, then returns while the task runs. */
  void run(Task task) throws IOException, InterruptedException, Stopped {
    limit.acquire();
    try {
      begin();
      threads.execute(() -> work(task));
    } catch (RuntimeException | IOException | InterruptedException | Stopped e) {
      limit.release();
      throw e;
    }
  }

  private void work(Task task) {
    @Nullable Exception problem = null;
    try {
      task.run();
    } catch (Exception e) {
      problem = e;
    } finally {
      limit.release();
      end(problem);
    }
  }

  private void begin() throws IOException, InterruptedException, Stopped {
    lock.lockInterruptibly();
    try {
      check();
      working++;
    } finally {
      lock.unlock();
    }
  }

  private void end(@Nullable Exception problem) {
    lock.lock();
    try {
      working--;
      if (failure == null) {
        failure = problem;
      }
      idle.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until all that was begun has ended. */
  void await() throws IOException, InterruptedException, Stopped {
    lock.lockInterruptibly();
    try {
      while (working > 0 && failure == null) {
        idle.await();
      }
      check();
    } finally {
      lock.unlock();
    }
  }

  private void check() throws IOException, InterruptedException, Stopped {
    switch (failure) {
      case null -> {}
      case IOException problem -> throw problem;
      case Stopped stopped -> throw stopped;
      case InterruptedException interrupted -> throw interrupted;
      default -> throw new IllegalStateException(failure);
    }
  }
}
