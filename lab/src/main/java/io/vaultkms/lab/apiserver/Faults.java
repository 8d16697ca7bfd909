package io.vaultkms.lab.apiserver;

import io.vaultkms.lab.apiserver.resource.ApiException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Faults that a test makes one API server have. Safe for any thread. */
public final class Faults {
  /** Does nothing, answers with an error, or waits. */
  private interface Effect {
    void happen() throws InterruptedException;
  }

  private record Rule(Predicate<RequestInfo> matching, AtomicLong left, Effect effect) {
    void apply(RequestInfo request) {
      if (!matching.test(request) || left.getAndDecrement() <= 0) {
        return;
      }
      try {
        effect.happen();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw ApiException.internal("the server is stopping");
      }
    }
  }

  /** What follows a stored write, before the writer hears of it. */
  private record Aftermath(Predicate<RequestInfo> matching, Consumer<RequestInfo> effect) {}

  private final List<Rule> beforeWork = new CopyOnWriteArrayList<>();
  private final List<Rule> beforeCommit = new CopyOnWriteArrayList<>();
  private final List<Aftermath> afterStore = new CopyOnWriteArrayList<>();

  /** Answers the next {@code times} matching requests with 429 and Retry-After in seconds. */
  public void tooManyRequests(Predicate<RequestInfo> matching, int retryAfter, long times) {
    reject(
        matching,
        times,
        new ApiException(
                429,
                "TooManyRequests",
                "The server is currently unable to handle the request, please try again later")
            .retryAfter(retryAfter));
  }

  /** Answers the next {@code times} matching requests with 500. */
  public void serverError(Predicate<RequestInfo> matching, long times) {
    reject(matching, times, ApiException.internal("a fault was injected"));
  }

  /** Answers the next {@code times} matching requests with any error. */
  public void reject(Predicate<RequestInfo> matching, long times, ApiException error) {
    beforeWork.add(
        new Rule(
            matching,
            new AtomicLong(times),
            () -> {
              throw error;
            }));
  }

  /** Lets every matching request wait before it is looked at. */
  public void delay(Predicate<RequestInfo> matching, Duration wait) {
    beforeWork.add(
        new Rule(matching, new AtomicLong(Long.MAX_VALUE), () -> Thread.sleep(wait.toMillis())));
  }

  /**
   * Holds the next matching write in flight: encrypted already, not yet stored. It goes on when it
   * is released, or after a minute.
   */
  public Hold hold(Predicate<RequestInfo> matching) {
    Hold hold = new Hold();
    beforeCommit.add(new Rule(matching, new AtomicLong(1), hold::waitHere));
    return hold;
  }

  /**
   * Does something each time a matching write has been stored, before it is answered: the moment at
   * which a writer that dies leaves a fact that it never heard of. A write that changed nothing is
   * none.
   *
   * @param effect called on the request's own thread, which waits for it
   */
  public void afterStore(Predicate<RequestInfo> matching, Consumer<RequestInfo> effect) {
    afterStore.add(new Aftermath(matching, effect));
  }

  /** A write held in flight. */
  public static final class Hold {
    private final CountDownLatch held = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    private void waitHere() throws InterruptedException {
      held.countDown();
      released.await(1, TimeUnit.MINUTES);
    }

    /** Waits until a write is held; false if none came in time. */
    public boolean awaitHeld(Duration limit) throws InterruptedException {
      return held.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    public void release() {
      released.countDown();
    }
  }

  /** No more faults; what is held stays held until it is released. */
  public void clear() {
    beforeWork.clear();
    beforeCommit.clear();
    afterStore.clear();
  }

  void beforeWork(RequestInfo request) {
    beforeWork.forEach(rule -> rule.apply(request));
  }

  void beforeCommit(RequestInfo request) {
    beforeCommit.forEach(rule -> rule.apply(request));
  }

  void afterStore(RequestInfo request) {
    afterStore.stream()
        .filter(each -> each.matching().test(request))
        .forEach(each -> each.effect().accept(request));
  }
}
