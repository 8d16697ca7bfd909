package io.vaultkms.migrator.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.vaultkms.model.event.ResourceCounts;
import io.vaultkms.platform.json.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a run notes on its key's Secret: which one it is, what it did with the resources it has
 * proved, so that it can be told again after a crash, and its marks, so that it need not be waited
 * for them again.
 *
 * @param run the run's name; empty before there was any
 * @param done by resource
 * @param marks by resource
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record RunNotes(String run, List<ResourceCounts> done, SortedMap<String, Mark> marks) {
  static final RunNotes NONE = new RunNotes("", List.of(), new TreeMap<>());

  RunNotes {
    run = run == null ? "" : run;
    done = done == null ? List.of() : List.copyOf(done);
    marks =
        marks == null ? new TreeMap<>() : Collections.unmodifiableSortedMap(new TreeMap<>(marks));
  }

  /** A mark and when its list was asked for. */
  record Mark(long resourceVersion, Instant time) {}

  /** Empty notes when there are none, or none that can be read. */
  static RunNotes read(@Nullable String annotation) {
    if (annotation == null) {
      return NONE;
    }
    try {
      return Json.read(annotation, RunNotes.class);
    } catch (IllegalArgumentException e) {
      return NONE;
    }
  }

  /**
   * The notes of that run: its own if these are, with what still holds, else new ones with that.
   * Something that was done and does not hold any more loses its mark as well.
   */
  RunNotes of(String name, Predicate<String> holds) {
    SortedMap<String, Mark> kept = new TreeMap<>();
    if (run.equals(name)) {
      kept.putAll(marks);
      done.stream().map(ResourceCounts::resource).filter(holds.negate()).forEach(kept::remove);
    }
    return new RunNotes(
        name, done.stream().filter(counts -> holds.test(counts.resource())).toList(), kept);
  }

  RunNotes withDone(ResourceCounts counts) {
    List<ResourceCounts> more = new ArrayList<>(done);
    more.removeIf(other -> other.resource().equals(counts.resource()));
    more.add(counts);
    return new RunNotes(run, more, marks);
  }

  RunNotes withMarks(Map<String, Mark> learned) {
    SortedMap<String, Mark> more = new TreeMap<>(marks);
    more.putAll(learned);
    return new RunNotes(run, done, more);
  }

  boolean isDone(String resource) {
    return done.stream().anyMatch(counts -> counts.resource().equals(resource));
  }

  Optional<FreshMark.Learned> mark(String resource) {
    return Optional.ofNullable(marks.get(resource))
        .map(mark -> new FreshMark.Learned(mark.resourceVersion(), mark.time()));
  }
}
