package io.vaultkms.health.history;

import io.vaultkms.model.event.MigrationDone;
import io.vaultkms.model.event.MigrationFailed;
import io.vaultkms.model.event.MigrationProgressed;
import io.vaultkms.model.event.MigrationStarted;
import io.vaultkms.model.event.ResourceCounts;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One run of a migration, put together from its events in whatever order and how often they come.
 *
 * @param began the earliest time that any event tells
 * @param active the latest time at which it was at work
 * @param resources how far each resource is, as told last
 * @param failure the last one; a run that was at work after it is under way again
 * @param finished when everything was rewritten
 */
public record MigrationRun(
    String id,
    long keyId,
    Instant began,
    Instant active,
    SortedMap<String, Progress> resources,
    Optional<Failure> failure,
    Optional<Instant> finished) {

  /** How far one resource is. */
  public record Progress(long done, long total, Instant at) {}

  /** Why a resource could not be rewritten. */
  public record Failure(String resource, String reason, Instant at) {}

  /** What has become of a run. */
  public enum State {
    RUNNING("Running"),
    DONE("Done"),
    FAILED("Failed");

    private final String word;

    State(String word) {
      this.word = word;
    }

    /** As the status has it. */
    public String word() {
      return word;
    }
  }

  public MigrationRun {
    resources = Collections.unmodifiableSortedMap(new TreeMap<>(resources));
  }

  static MigrationRun first(String id, long keyId, Instant at) {
    return new MigrationRun(
        id, keyId, at, Instant.MIN, new TreeMap<>(), Optional.empty(), Optional.empty());
  }

  public State state() {
    if (finished.isPresent()) {
      return State.DONE;
    }
    return failure.filter(failed -> !failed.at().isBefore(active)).isPresent()
        ? State.FAILED
        : State.RUNNING;
  }

  /** Objects looked at, over all resources. */
  public long done() {
    return resources.values().stream().mapToLong(Progress::done).sum();
  }

  /** Objects there are, over all resources, as far as is known. */
  public long total() {
    return resources.values().stream().mapToLong(Progress::total).sum();
  }

  MigrationRun after(MigrationStarted started) {
    return at(started.time()).activeAt(started.time());
  }

  MigrationRun after(MigrationProgressed progressed) {
    Progress now = new Progress(progressed.done(), progressed.total(), progressed.time());
    return at(progressed.time())
        .activeAt(progressed.time())
        .withResource(progressed.resource(), now);
  }

  MigrationRun after(MigrationFailed failed) {
    Failure now = new Failure(failed.resource(), failed.reason(), failed.time());
    Optional<Failure> later = failure.filter(known -> known.at().isAfter(now.at()));
    MigrationRun run = at(failed.time());
    return new MigrationRun(
        id, keyId, run.began, active, resources, later.or(() -> Optional.of(now)), finished);
  }

  MigrationRun after(MigrationDone done) {
    MigrationRun run = at(done.time());
    for (ResourceCounts counts : done.resources()) {
      run =
          run.withResource(
              counts.resource(), new Progress(counts.seen(), counts.seen(), Instant.MAX));
    }
    return new MigrationRun(
        id, keyId, run.began, active, run.resources, failure, Optional.of(done.time()));
  }

  private MigrationRun at(Instant time) {
    return time.isBefore(began)
        ? new MigrationRun(id, keyId, time, active, resources, failure, finished)
        : this;
  }

  private MigrationRun activeAt(Instant time) {
    return time.isAfter(active)
        ? new MigrationRun(id, keyId, began, time, resources, failure, finished)
        : this;
  }

  private MigrationRun withResource(String resource, Progress progress) {
    Progress known = resources.get(resource);
    if (known != null && known.at().isAfter(progress.at())) {
      return this;
    }
    SortedMap<String, Progress> changed = new TreeMap<>(resources);
    changed.put(resource, progress);
    return new MigrationRun(id, keyId, began, active, changed, failure, finished);
  }
}
