package io.vaultkms.cli.plan;

import io.vaultkms.model.change.ConfigurationChange;
import io.vaultkms.model.change.KnownConfiguration;
import io.vaultkms.model.config.Violation;
import io.vaultkms.model.decision.Observation;
import io.vaultkms.model.decision.Step;
import io.vaultkms.model.decision.Wanted;
import io.vaultkms.model.forecast.Forecast;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Makes a plan of what is observed. Pure: it asks the one decision, and has no rules of its own.
 */
final class Planner {
  private final Observation seen;
  private final Forecast forecast;

  /**
   * @param seen the cluster as it is, with the document as what is wanted
   */
  Planner(Observation seen) {
    this.seen = seen;
    this.forecast = Forecast.of(seen);
  }

  /** The resources of which every object would be rewritten. */
  SortedSet<String> rewritten() {
    SortedSet<String> resources = new TreeSet<>();
    forecast.steps(Step.Migrate.class).forEach(step -> resources.addAll(step.resources()));
    return resources;
  }

  /**
   * @param stored how many objects there are, by resource
   * @param rate how fast they were rewritten last
   */
  Plan plan(SortedMap<String, Long> stored, Optional<MeasuredRate> rate) {
    Optional<ConfigurationChange> change = change();
    SortedMap<String, Long> objects = objects(stored);
    long total = objects.values().stream().mapToLong(Long::longValue).sum();
    return new Plan(
        seen.component().name(),
        change.map(ConfigurationChange::kind).orElse(null),
        change.map(ConfigurationChange::fields).orElse(List.of()),
        forecast.steps(Step.MintKey.class).stream()
            .map(Step.MintKey::keyId)
            .findFirst()
            .orElse(null),
        forecast.steps(Step.UpdateKey.class).stream()
            .map(Step.UpdateKey::keyId)
            .findFirst()
            .orElse(null),
        forecast.steps().stream().map(StepSentence::of).toList(),
        forecast.steps(Step.RollOut.class).size(),
        objects,
        rate.orElse(null),
        total == 0 ? null : rate.map(measured -> measured.secondsFor(total)).orElse(null),
        violations(),
        inTheWay());
  }

  private Optional<ConfigurationChange> change() {
    KnownConfiguration before =
        seen.newestKey().map(KnownConfiguration::of).orElse(KnownConfiguration.PLAINTEXT);
    return seen.wanted() instanceof Wanted.Valid wanted
        ? Optional.of(ConfigurationChange.between(before, KnownConfiguration.of(wanted)))
        : Optional.empty();
  }

  /** Data that has to be rewritten twice, as when a key is on its way, counts twice. */
  private SortedMap<String, Long> objects(SortedMap<String, Long> stored) {
    SortedMap<String, Long> objects = new TreeMap<>();
    for (Step.Migrate step : forecast.steps(Step.Migrate.class)) {
      for (String resource : step.resources()) {
        objects.merge(resource, stored.getOrDefault(resource, 0L), Long::sum);
      }
    }
    return objects;
  }

  private List<Violation> violations() {
    return switch (seen.wanted()) {
      case Wanted.Invalid invalid -> invalid.violations();
      case Wanted.Incomplete incomplete -> incomplete.missing();
      case Wanted.Valid _, Wanted.Absent _ -> List.of();
    };
  }

  /** What is under way for the document itself is not in its way. */
  private List<String> inTheWay() {
    List<String> found = new ArrayList<>();
    boolean begins = forecast.begin().isPresent();
    if (begins && forecast.now() instanceof Step.Await await && waitsForOthers(await)) {
      found.add(StepSentence.of(await));
    }
    if (begins && !forecast.before().isEmpty()) {
      found.add(
          "what was begun before comes first: "
              + String.join("; ", forecast.before().stream().map(StepSentence::of).toList()));
    }
    if (forecast.end().actor() != Step.Actor.NOBODY && violations().isEmpty()) {
      found.add("plugin-deployer has to do this first: " + StepSentence.of(forecast.end()));
    }
    for (Step step : List.of(forecast.now(), forecast.end())) {
      if (step instanceof Step.Blocked blocked
          && violations().isEmpty()
          && !found.contains(blocked.message())) {
        found.add(blocked.message());
      }
    }
    return found;
  }

  /** A preflight that stands is the document's own. */
  private static boolean waitsForOthers(Step.Await await) {
    return await.what() != Step.Awaited.PREFLIGHT;
  }
}
