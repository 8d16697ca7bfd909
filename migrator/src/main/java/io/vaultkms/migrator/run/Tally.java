package io.vaultkms.migrator.run;

import io.vaultkms.model.event.MigrationFailed;
import io.vaultkms.model.event.ResourceCounts;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * What was done with the objects of one resource, and a bounded list of those that were refused.
 * From any thread.
 */
final class Tally {
  private static final int MAX_WORDS = 3;

  private final LongAdder seen = new LongAdder();
  private final LongAdder rewritten = new LongAdder();
  private final LongAdder fresh = new LongAdder();
  private final LongAdder gone = new LongAdder();
  private final LongAdder conflicts = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder retries = new LongAdder();
  private final LongAdder visited = new LongAdder();
  private final AtomicLong expected = new AtomicLong();
  private final AtomicLong nanos = new AtomicLong();
  private final List<String> failed = new ArrayList<>();
  private final Set<String> words = new LinkedHashSet<>();

  void rewritten() {
    seen.increment();
    rewritten.increment();
  }

  void fresh() {
    seen.increment();
    fresh.increment();
  }

  void gone() {
    seen.increment();
    gone.increment();
  }

  void conflict() {
    seen.increment();
    conflicts.increment();
  }

  void refused(String object, String reason) {
    refused.increment();
    synchronized (failed) {
      if (failed.size() < MigrationFailed.MAX_FAILED) {
        failed.add(object);
      }
      if (words.size() < MAX_WORDS) {
        words.add("%s: %s".formatted(object, reason));
      }
    }
  }

  void retried() {
    retries.increment();
  }

  void visited() {
    visited.increment();
  }

  long retries() {
    return retries.sum();
  }

  void expect(long objects) {
    expected.set(objects);
  }

  void worked(long duration) {
    nanos.addAndGet(duration);
  }

  /** Begins to count refusals anew: another walk gives every object another chance. */
  void forgive() {
    refused.reset();
    synchronized (failed) {
      failed.clear();
      words.clear();
    }
  }

  long done() {
    return visited.sum();
  }

  /** How many objects there are, as far as is known. */
  long total() {
    return Math.max(expected.get(), visited.sum());
  }

  long refusals() {
    return refused.sum();
  }

  /** Objects that were refused, as many as are kept. */
  List<String> failed() {
    synchronized (failed) {
      return List.copyOf(failed);
    }
  }

  /** The refusals as a sentence. */
  String trouble() {
    synchronized (failed) {
      return "%d objects could not be rewritten: %s"
          .formatted(refusals(), String.join("; ", words));
    }
  }

  ResourceCounts counts(String resource) {
    return new ResourceCounts(
        resource,
        seen.sum(),
        rewritten.sum(),
        fresh.sum(),
        gone.sum(),
        conflicts.sum(),
        retries.sum(),
        Math.round(nanos.get() / 1e7) / 100.0);
  }
}
