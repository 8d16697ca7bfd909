package io.vaultkms.migrator.run;

import io.vaultkms.migrator.api.MetadataApi;
import io.vaultkms.migrator.limit.AdaptiveLimit;
import io.vaultkms.model.decision.Decision;
import io.vaultkms.model.decision.Observation;
import io.vaultkms.model.decision.Step;
import io.vaultkms.model.decision.Step.Migrate;
import io.vaultkms.model.key.EncryptionKey;
import io.vaultkms.platform.work.Backoff;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The migrator's looks: what was proved and not told yet is told, and when the next step is a
 * migration it is run within the look, however long that takes. For one thread.
 */
public final class Migrations {
  private static final Logger LOG = LoggerFactory.getLogger(Migrations.class);
  private static final Duration AT_ONCE = Duration.ZERO;
  private static final Duration SOON = Duration.ofSeconds(1);

  /** How soon to look again while others are at work: their event may be lost to a broker away. */
  private static final Duration WAITING = Duration.ofSeconds(15);

  private static final Duration LATER = Duration.ofDays(1);
  private static final Backoff AFTER_FAILURE =
      new Backoff(Duration.ofSeconds(5), Duration.ofMinutes(5));

  private final Run.Surroundings around;
  private Cooling cooling = Cooling.NONE;
  private Optional<EncryptionKey> told = Optional.empty();
  private Optional<Plan> last = Optional.empty();

  /** A run that failed, and when it may be tried again. */
  private record Cooling(String run, int failures, Instant until) {
    static final Cooling NONE = new Cooling("", 0, Instant.EPOCH);
  }

  /**
   * @param alive called now and then while a run is under way
   * @param elsewhere whether another replica does the work
   */
  public Migrations(
      MetadataApi api,
      AdaptiveLimit limit,
      Sight sight,
      KeyNotes notes,
      Story story,
      RunMetrics metrics,
      RunSettings settings,
      Clock clock,
      Runnable alive,
      BooleanSupplier elsewhere) {
    Turn turn = new Turn(elsewhere, settings.patience(), clock);
    this.around =
        new Run.Surroundings(
            api, limit, sight, notes, story, metrics, settings, clock, alive, turn);
  }

  /**
   * One look.
   *
   * @return when to look again
   */
  public Duration look() throws IOException, InterruptedException {
    Observation seen = around.sight().look();
    Step step = Decision.next(seen);
    return switch (step) {
      case Migrate migrate -> migrate(migrate, seen);
      case Step.Settled _, Step.Refuse _, Step.Blocked _ -> {
        tellDone(seen);
        yield LATER;
      }
      case Step.Await _,
          Step.Preflight _,
          Step.MintKey _,
          Step.UpdateKey _,
          Step.RollOut _,
          Step.WithdrawKey _,
          Step.Restore _,
          Step.Adopt _,
          Step.PruneKeys _ -> {
        tellDone(seen);
        yield WAITING;
      }
    };
  }

  private Duration migrate(Migrate step, Observation seen)
      throws IOException, InterruptedException {
    Optional<Plan> plan = Plan.of(step, seen, around.settings().requestTimeout());
    if (plan.isEmpty()) {
      return SOON;
    }
    if (around.turn().standsBy(plan.get().run())) {
      return LATER;
    }
    Instant now = around.clock().instant();
    if (cooling.run().equals(plan.get().run()) && now.isBefore(cooling.until())) {
      return Duration.between(now, cooling.until());
    }
    return run(plan.get(), seen);
  }

  private Duration run(Plan plan, Observation seen) throws IOException, InterruptedException {
    LOG.info(
        "run {} begins: {} to key {}",
        plan.run(),
        String.join(", ", plan.step().resources()),
        plan.step().keyId());
    last = Optional.of(plan);
    try {
      Run run = new Run(plan, seen, around);
      List<String> failed = run.execute();
      if (run.idle()) {
        LOG.warn("run {} is asked for, and its notes say that all of it is done", plan.run());
        return cool(plan);
      }
      if (failed.isEmpty()) {
        around.metrics().ended("done");
        cooling = Cooling.NONE;
        return AT_ONCE;
      }
      around.metrics().ended("failed");
      return cool(plan);
    } catch (Stopped e) {
      around.metrics().ended("stopped");
      LOG.info("run {} stops: {}", plan.run(), e.getMessage());
      return SOON;
    } catch (IOException | RuntimeException e) {
      around.metrics().ended("failed");
      throw e;
    }
  }

  private Duration cool(Plan plan) {
    int failures = cooling.run().equals(plan.run()) ? cooling.failures() + 1 : 1;
    Duration pause = AFTER_FAILURE.after(failures);
    cooling = new Cooling(plan.run(), failures, around.clock().instant().plus(pause));
    LOG.warn("run {} is tried again in {} s", plan.run(), pause.toSeconds());
    return pause;
  }

  /**
   * What the newest key's notes say was proved. It is a fact on the cluster before it is told, so a
   * crash in between loses nothing, and telling it again says the same under the same id. A replica
   * that stands by leaves it to the one that works.
   */
  private void tellDone(Observation seen) throws IOException, InterruptedException {
    Optional<EncryptionKey> newest = seen.newestKey();
    boolean others = around.turn().elsewhere() && last.isEmpty();
    if (others
        || newest.isEmpty()
        || newest.equals(told)
        || !newest.get().migratedAll(seen.component().resources())) {
      return;
    }
    Optional<KeyNotes.Notes> notes = around.notes().read(newest.get().id());
    notes
        .filter(noted -> noted.migrated().at().isPresent() && !noted.run().done().isEmpty())
        .ifPresent(noted -> tellDone(newest.get().id(), noted));
    told = newest;
  }

  /** A run that was over before the log could be told of its beginning has its story in order. */
  private void tellDone(long keyId, KeyNotes.Notes notes) {
    RunNotes run = notes.run();
    last.filter(plan -> plan.run().equals(run.run())).ifPresent(around.story()::started);
    around.story().done(run.run(), keyId, notes.migrated().at().orElseThrow(), run.done());
  }
}
