package io.vaultkms.migrator.run;

import io.vaultkms.migrator.api.Meta;
import io.vaultkms.migrator.api.MetaPage;
import io.vaultkms.migrator.api.MetadataApi;
import io.vaultkms.migrator.api.Reply;
import io.vaultkms.migrator.limit.AdaptiveLimit;
import io.vaultkms.model.event.ResourceCounts;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One resource's way through a run:
 *
 * <pre>
 *   convergence ─► first walk: patch everything ─► wait for the mark ─► second walk: proof
 *        └──────────── the mark is known already ──────────────────────────────┘
 * </pre>
 *
 * The first walk does not wait for the mark, so it proves only what a patch answered for. The
 * second is listed after the mark; in it every object is newer than the mark, or is still as an
 * answered patch left it, or is patched again. When it has ended without a refusal, nothing of the
 * resource is stored under an old key.
 */
final class ResourceRun {
  private static final Logger LOG = LoggerFactory.getLogger(ResourceRun.class);

  /** So many refusals in one walk, and the rest is left for another try. */
  private static final int MOST_REFUSALS = 10_000;

  private static final Trouble UNMARKED =
      new Trouble("it was walked without a mark, since this machine's clock went back", List.of());

  private final Tools tools;
  private final Target target;
  private final FreshMark mark;
  private final Tally tally;
  private final Retrying retrying;
  private Optional<Confirmed> confirmed = Optional.empty();

  /** What all resources of a run share. */
  record Tools(
      MetadataApi api,
      AdaptiveLimit limit,
      ExecutorService threads,
      Stop stop,
      RunMetrics metrics,
      RunSettings settings,
      Clock clock,
      MarkKeeper marks) {}

  /** Keeps a mark for whoever takes up the run after a crash. */
  @FunctionalInterface
  interface MarkKeeper {
    void keep(String resource, FreshMark.Learned mark)
        throws IOException, InterruptedException, Stopped;
  }

  ResourceRun(Tools tools, Target target, FreshMark mark, Tally tally) {
    this.tools = tools;
    this.target = target;
    this.mark = mark;
    this.tally = tally;
    this.retrying = new Retrying(tools.limit(), tools.stop(), tools.settings().retryBudget());
  }

  String name() {
    return target.name();
  }

  Tally tally() {
    return tally;
  }

  FreshMark mark() {
    return mark;
  }

  ResourceCounts counts() {
    return tally.counts(target.name());
  }

  /** Patches everything once; empty when nothing was refused. Not needed when the mark is known. */
  Optional<Trouble> rewriteAll() throws IOException, InterruptedException, Stopped {
    if (mark.known() || mark.left().isZero()) {
      return Optional.empty();
    }
    return walk(true);
  }

  /** The second walk, or the only one. Empty when it has proved the resource migrated. */
  Optional<Trouble> prove() throws IOException, InterruptedException, Stopped {
    boolean only = confirmed.isEmpty();
    tally.forgive();
    Optional<Trouble> trouble = walk(only);
    return trouble.isEmpty() && !mark.known() ? Optional.of(UNMARKED) : trouble;
  }

  /** How long until the second walk can begin. */
  Duration untilProof() {
    return mark.known() ? Duration.ZERO : mark.left();
  }

  private Optional<Trouble> walk(boolean counting)
      throws IOException, InterruptedException, Stopped {
    long start = System.nanoTime();
    Crew crew = new Crew(tools.limit(), tools.threads());
    try {
      Walk walk = new Walk(tools.api(), target, retrying, tally, tools.settings().pageSize());
      walk.over(tools.threads(), new Visit(crew, counting));
      crew.await();
    } catch (Walk.Unwalkable e) {
      return Optional.of(new Trouble(e.getMessage(), tally.failed()));
    } finally {
      tally.worked(System.nanoTime() - start);
    }
    return tally.refusals() == 0
        ? Optional.empty()
        : Optional.of(new Trouble(tally.trouble(), tally.failed()));
  }

  /** Asks for the mark if it is due and not known yet. */
  private void learnMark() throws IOException, InterruptedException, Stopped, Walk.Unwalkable {
    if (mark.known() || !mark.left().isZero()) {
      return;
    }
    Instant asked = tools.clock().instant();
    switch (retrying.ask(tally, () -> tools.api().list(target.paths(), 1, ""))) {
      case Reply.Good<MetaPage>(MetaPage page) -> {
        mark.learn(page.version(), asked);
        LOG.info("{}: every object newer than {} is fresh", target.name(), page.version());
        tools.marks().keep(target.name(), mark.learned().orElseThrow());
      }
      case Reply.Bad<MetaPage> bad ->
          throw new Walk.Unwalkable(
              "%s cannot be listed: %s".formatted(target.name(), bad.failure().message()));
    }
  }

  /** What a walk does with what it meets. */
  private final class Visit implements Walk.Visitor {
    private final Crew crew;
    private final boolean counting;
    private long before;

    Visit(Crew crew, boolean counting) {
      this.crew = crew;
      this.counting = counting;
    }

    @Override
    public void beforePage() throws IOException, InterruptedException, Stopped, Walk.Unwalkable {
      learnMark();
    }

    @Override
    public void page(MetaPage page) {
      if (confirmed.isEmpty()) {
        confirmed = Optional.of(new Confirmed(page.version()));
      }
      before += page.items().size();
      if (counting) {
        tally.expect(before + page.remaining());
      }
    }

    @Override
    public void object(Meta meta)
        throws IOException, InterruptedException, Stopped, Walk.Unwalkable {
      tools.stop().check();
      if (mark.covers(meta)) {
        if (counting) {
          tally.fresh();
          tools.metrics().object(target.name(), "fresh");
          tally.visited();
        }
      } else if (!confirmed.orElseThrow().contains(meta.version())) {
        if (tally.refusals() >= MOST_REFUSALS) {
          throw new Walk.Unwalkable(tally.trouble());
        }
        crew.run(() -> rewrite(meta));
      }
    }

    private void rewrite(Meta meta) throws IOException, InterruptedException, Stopped {
      Rewriter rewriter =
          new Rewriter(tools.api(), target, retrying, mark, confirmed.orElseThrow(), tally);
      note(meta, rewriter.rewrite(meta));
      if (counting) {
        tally.visited();
      }
    }

    /** An object that the second walk finds as the first has left it is not counted twice. */
    private void note(Meta meta, Outcome outcome) {
      switch (outcome) {
        case Outcome.Rewritten _ -> {
          tally.rewritten();
          tools.metrics().object(target.name(), "rewritten");
        }
        case Outcome.Fresh _ -> {
          if (counting) {
            tally.fresh();
            tools.metrics().object(target.name(), "fresh");
          }
        }
        case Outcome.Overtaken _ -> {
          if (counting) {
            tally.conflict();
            tools.metrics().object(target.name(), "conflict");
          }
        }
        case Outcome.Gone _ -> {
          if (counting) {
            tally.gone();
            tools.metrics().object(target.name(), "gone");
          }
        }
        case Outcome.Refused(String words) -> {
          tally.refused(meta.path(), words);
          tools.metrics().object(target.name(), "refused");
          LOG.warn("{} {} cannot be rewritten: {}", target.name(), meta.path(), words);
        }
      }
    }
  }
}
