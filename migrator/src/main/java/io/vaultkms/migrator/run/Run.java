package io.vaultkms.migrator.run;

import io.vaultkms.migrator.api.MetadataApi;
import io.vaultkms.migrator.api.Reply;
import io.vaultkms.migrator.api.ResourcePaths;
import io.vaultkms.migrator.limit.AdaptiveLimit;
import io.vaultkms.model.decision.Observation;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One migration, from convergence to the annotations that say it is proved: first every resource is
 * rewritten, then it is waited until no request from before can be under way, then each is proved
 * and noted. It stops as soon as what it rests on is over. For one use.
 */
final class Run {
  private static final Logger LOG = LoggerFactory.getLogger(Run.class);
  private static final Duration STEP = Duration.ofMillis(200);

  private final Plan plan;
  private final Surroundings around;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("run-", 0).factory());
  private final Stop stop = new Stop(threads);
  private final Guard guard;
  private final Retrying retrying;
  private final Proofs proofs;
  private final List<String> failed = new ArrayList<>();
  private boolean idle;

  /**
   * What a run needs of the service.
   *
   * @param alive called now and then
   */
  record Surroundings(
      MetadataApi api,
      AdaptiveLimit limit,
      Sight sight,
      KeyNotes notes,
      Story story,
      RunMetrics metrics,
      RunSettings settings,
      Clock clock,
      Runnable alive,
      Turn turn) {}

  /**
   * @param seen what the plan was made of
   */
  Run(Plan plan, Observation seen, Surroundings around) {
    this.plan = plan;
    this.around = around;
    this.guard =
        new Guard(
            around.sight(),
            seen,
            plan.situation(),
            stop,
            around.settings().lookInterval(),
            () -> around.turn().standsBy(plan.run()));
    this.retrying = new Retrying(around.limit(), stop, around.settings().retryBudget());
    this.proofs = new Proofs(plan, around.notes(), guard, retrying, around.clock());
  }

  @FunctionalInterface
  private interface Part {
    Optional<Trouble> work(ResourceRun resource) throws IOException, InterruptedException, Stopped;
  }

  /**
   * Returns when all is proved and noted, or as much as can be.
   *
   * @return the resources that could not be migrated
   * @throws Stopped when the situation is over
   * @throws IOException when the cluster did not answer for too long
   */
  List<String> execute() throws IOException, InterruptedException, Stopped {
    try (guard) {
      guard.start();
      List<ResourceRun> resources = resources();
      idle = resources.isEmpty() && failed.isEmpty();
      if (!resources.isEmpty()) {
        proofs.begin();
      }
      Map<String, Tally> tallies = new LinkedHashMap<>();
      resources.forEach(resource -> tallies.put(resource.name(), resource.tally()));
      try (Reporter reporter =
          new Reporter(plan, tallies, around.metrics(), around.story(), threads, around.alive())) {
        reporter.start();
        work(resources);
      }
      return List.copyOf(failed);
    } catch (InterruptedException e) {
      stop.check();
      throw e;
    } finally {
      around.metrics().waiting(0);
      threads.shutdownNow();
      if (!threads.awaitTermination(5, TimeUnit.SECONDS)) {
        LOG.warn("run {} has left work behind", plan.run());
      }
    }
  }

  /** Whether there was nothing to do: its notes say that all has been done. */
  boolean idle() {
    return idle;
  }

  private void work(List<ResourceRun> resources) throws IOException, InterruptedException, Stopped {
    List<ResourceRun> left = each(resources, ResourceRun::rewriteAll);
    await(left);
    each(left, this::prove);
  }

  /** Where the resources are, without those that the run has proved already. */
  private List<ResourceRun> resources() throws IOException, InterruptedException, Stopped {
    RunNotes known = proofs.known();
    List<ResourceRun> resources = new ArrayList<>();
    for (String name : plan.step().resources()) {
      if (!known.isDone(name)) {
        find(name, known).ifPresent(resources::add);
      }
    }
    return resources;
  }

  private Optional<ResourceRun> find(String name, RunNotes known)
      throws IOException, InterruptedException, Stopped {
    Tally tally = new Tally();
    return switch (retrying.ask(tally, () -> around.api().find(name))) {
      case Reply.Good<ResourcePaths>(ResourcePaths paths) ->
          Optional.of(
              new ResourceRun(
                  tools(),
                  new Target(name, paths),
                  new FreshMark(plan.markDue(), around.clock(), known.mark(name)),
                  tally));
      case Reply.Bad<ResourcePaths> bad -> {
        fail(
            name,
            new Trouble(
                "%s cannot be found in the API: %s".formatted(name, bad.failure().message()),
                List.of()));
        yield Optional.empty();
      }
    };
  }

  private ResourceRun.Tools tools() {
    return new ResourceRun.Tools(
        around.api(),
        around.limit(),
        threads,
        stop,
        around.metrics(),
        around.settings(),
        around.clock(),
        proofs::keepMark);
  }

  /** Does a part for all of them, so many at once as configured; gives those without trouble. */
  private List<ResourceRun> each(List<ResourceRun> resources, Part part)
      throws IOException, InterruptedException, Stopped {
    Semaphore places = new Semaphore(around.settings().resourcesAtOnce(), true);
    List<Future<Optional<Trouble>>> ends = new ArrayList<>();
    for (ResourceRun resource : resources) {
      ends.add(
          threads.submit(
              () -> {
                places.acquire();
                try {
                  return part.work(resource);
                } finally {
                  places.release();
                }
              }));
    }
    List<ResourceRun> good = new ArrayList<>();
    for (int i = 0; i < ends.size(); i++) {
      Optional<Trouble> trouble = end(ends.get(i));
      if (trouble.isPresent()) {
        fail(resources.get(i).name(), trouble.get());
      } else {
        good.add(resources.get(i));
      }
    }
    return good;
  }

  private Optional<Trouble> end(Future<Optional<Trouble>> part)
      throws IOException, InterruptedException, Stopped {
    try {
      return part.get();
    } catch (ExecutionException e) {
      stop.check();
      switch (e.getCause()) {
        case IOException problem -> throw problem;
        case Stopped stopped -> throw stopped;
        case InterruptedException interrupted -> throw interrupted;
        case null, default -> throw new IllegalStateException(e.getCause());
      }
    }
  }

  /** Waiting is no failure: nobody can know sooner. */
  private void await(List<ResourceRun> resources) throws InterruptedException, Stopped {
    boolean said = false;
    while (true) {
      stop.check();
      Duration left =
          resources.stream()
              .map(ResourceRun::untilProof)
              .max(Duration::compareTo)
              .orElse(Duration.ZERO);
      around.metrics().waiting(left.toMillis() / 1e3);
      if (left.isZero()) {
        return;
      }
      if (!said) {
        LOG.info(
            "run {} waits {} s, until no request from before convergence can be under way",
            plan.run(),
            left.toSeconds());
        said = true;
      }
      Thread.sleep(left.compareTo(STEP) < 0 ? left : STEP);
    }
  }

  private Optional<Trouble> prove(ResourceRun resource)
      throws IOException, InterruptedException, Stopped {
    Optional<Trouble> trouble = resource.prove();
    if (trouble.isEmpty()) {
      proofs.note(resource.counts());
      LOG.info("run {} has proved {}: {}", plan.run(), resource.name(), resource.counts());
    }
    return trouble;
  }

  private void fail(String resource, Trouble trouble) {
    LOG.warn("run {} cannot migrate {}: {}", plan.run(), resource, trouble.reason());
    failed.add(resource);
    try {
      around.story().started(plan);
      around.story().failed(plan.run(), plan.step().keyId(), resource, trouble);
    } catch (RuntimeException e) {
      LOG.warn("the log could not be told of it: {}", e.getMessage());
    }
  }
}
