package io.vaultkms.cli.plan;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.vaultkms.model.config.Violation;
import io.vaultkms.model.event.ConfigChange;
import io.vaultkms.model.event.FieldChange;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a document would do to one component.
 *
 * @param kind compared with the newest key; missing when the document cannot be used
 * @param changes which fields, from what to what; of contents only their hash
 * @param newKey the number of the key that would be made; missing when none would
 * @param changedKey the key that would be changed in place; missing when none would
 * @param steps what would happen, in its order, what has been begun before included
 * @param objects how many objects would be rewritten, by resource
 * @param rate how fast that went last; missing when nothing has been migrated here yet
 * @param seconds about how long the rewriting would take; missing without a rate or objects
 * @param violations what is wrong with the document or missing on the cluster
 * @param inTheWay what has to end or to be mended before any of it begins
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Plan(
    String component,
    @Nullable ConfigChange kind,
    List<FieldChange> changes,
    @Nullable Long newKey,
    @Nullable Long changedKey,
    List<String> steps,
    int rollouts,
    SortedMap<String, Long> objects,
    @Nullable MeasuredRate rate,
    @Nullable Long seconds,
    List<Violation> violations,
    List<String> inTheWay) {

  Plan {
    changes = List.copyOf(changes);
    steps = List.copyOf(steps);
    objects = Collections.unmodifiableSortedMap(new TreeMap<>(objects));
    violations = List.copyOf(violations);
    inTheWay = List.copyOf(inTheWay);
  }

  /** Whether applying the document now would do what the plan says. */
  @JsonProperty
  boolean possible() {
    return violations.isEmpty() && inTheWay.isEmpty();
  }

  long total() {
    return objects.values().stream().mapToLong(Long::longValue).sum();
  }
}
