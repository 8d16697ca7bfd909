package io.vaultkms.migrator.run;

import io.vaultkms.migrator.api.AnswerTooLong;
import io.vaultkms.migrator.api.Failure;
import io.vaultkms.migrator.api.Reply;
import io.vaultkms.migrator.api.WholeObject;
import io.vaultkms.migrator.limit.AdaptiveLimit;
import io.vaultkms.platform.work.Backoff;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Asks again, with backoff and jitter and no longer than a budget of time, what an API server did
 * not answer, or answered with something that passes: 429, 5xx, a timeout, a lost connection. From
 * any virtual thread.
 */
final class Retrying {
  private static final Backoff BACKOFF =
      new Backoff(Duration.ofMillis(100), Duration.ofSeconds(10));

  private final AdaptiveLimit limit;
  private final Stop stop;
  private final Duration budget;
  private final AtomicLong lastAnswer = new AtomicLong(System.nanoTime());

  Retrying(AdaptiveLimit limit, Stop stop, Duration budget) {
    this.limit = limit;
    this.stop = stop;
    this.budget = budget;
  }

  /** A request that may be made more than once. */
  @FunctionalInterface
  interface Request<T> {
    Reply<T> send() throws IOException, InterruptedException;
  }

  /** What one attempt came to: a reply, or none. */
  private sealed interface Attempt<T> {
    record Replied<T>(Reply<T> reply) implements Attempt<T> {}

    record Passing<T>(Failure failure) implements Attempt<T> {}

    record Unanswered<T>(IOException problem) implements Attempt<T> {}
  }

  /**
   * The reply; a bad one that passes only when the budget is used up while other requests were
   * answered.
   *
   * @throws Away when nothing at all was answered during the whole budget, or credentials are
   *     refused
   */
  <T> Reply<T> ask(Tally tally, Request<T> request)
      throws IOException, InterruptedException, Stopped {
    long start = System.nanoTime();
    for (int failures = 1; ; failures++) {
      stop.check();
      Attempt<T> attempt = attempt(request);
      if (attempt instanceof Attempt.Replied<T>(Reply<T> reply)) {
        return reply;
      }
      Duration pause = pause(attempt, failures);
      if (System.nanoTime() - start + pause.toNanos() > budget.toNanos()) {
        return giveUp(attempt, start);
      }
      tally.retried();
      Thread.sleep(pause);
    }
  }

  private <T> Attempt<T> attempt(Request<T> request) throws IOException, InterruptedException {
    long start = System.nanoTime();
    Reply<T> reply;
    try {
      reply = request.send();
    } catch (AnswerTooLong | WholeObject e) {
      throw e;
    } catch (IOException e) {
      limit.overloaded(Optional.empty());
      return new Attempt.Unanswered<>(e);
    }
    long end = System.nanoTime();
    if (reply instanceof Reply.Bad<T>(Failure failure)) {
      if (failure.unauthorized()) {
        throw new Away("the API server refuses this program's credentials", null);
      }
      if (failure.overloaded()) {
        limit.overloaded(failure.retryAfter());
      }
      if (failure.passing()) {
        return new Attempt.Passing<>(failure);
      }
    }
    lastAnswer.set(end);
    limit.answered(Duration.ofNanos(end - start));
    return new Attempt.Replied<>(reply);
  }

  private static <T> Duration pause(Attempt<T> attempt, int failures) {
    Duration backoff = BACKOFF.after(failures);
    Optional<Duration> asked =
        attempt instanceof Attempt.Passing<T>(Failure failure)
            ? failure.retryAfter()
            : Optional.empty();
    return asked.isPresent() ? backoff.plus(asked.get()) : backoff;
  }

  private <T> Reply<T> giveUp(Attempt<T> attempt, long start) throws Away {
    boolean othersAnswered = lastAnswer.get() - start > 0;
    return switch (attempt) {
      case Attempt.Replied<T>(Reply<T> reply) -> reply;
      case Attempt.Passing<T>(Failure failure) -> {
        if (!othersAnswered) {
          throw new Away("the API server gives no answers: " + failure.message(), null);
        }
        yield new Reply.Bad<>(failure);
      }
      case Attempt.Unanswered<T>(IOException problem) -> {
        if (!othersAnswered) {
          throw new Away(problem.getMessage(), problem);
        }
        yield new Reply.Bad<>(
            new Failure(504, String.valueOf(problem.getMessage()), "", Optional.empty()));
      }
    };
  }
}
