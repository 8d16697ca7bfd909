package io.vaultkms.model.forecast;

import io.vaultkms.model.decision.Decision;
import io.vaultkms.model.decision.Observation;
import io.vaultkms.model.decision.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The steps from what is observed to where nothing is left to do, as {@link Decision} takes them
 * when every node does what it is asked. It is the same function that the services ask, so that a
 * forecast cannot have rules of its own. Pure.
 *
 * @param now what the decision says before anything is imagined
 * @param steps those that somebody acts on, in their order
 * @param end where it ends: settled, refused, or blocked by something that needs a person
 */
public record Forecast(Step now, List<Step> steps, Step end) {
  /** No way is that long; a decision that went round in circles would be. */
  private static final int LONGEST = 100;

  public Forecast {
    steps = List.copyOf(steps);
  }

  /**
   * @throws IllegalStateException when the decision never comes to an end
   */
  public static Forecast of(Observation observed) {
    Step now = Decision.next(observed);
    List<Step> steps = new ArrayList<>();
    Observation seen = observed;
    for (int i = 0; i < LONGEST; i++) {
      Step step = Decision.next(seen);
      Optional<Observation> after = Imagined.after(seen, step);
      if (after.isEmpty()) {
        return new Forecast(now, steps, step);
      }
      if (step.actor() != Step.Actor.NOBODY) {
        steps.add(step);
      }
      seen = after.get();
    }
    throw new IllegalStateException("no end after %d steps: %s".formatted(LONGEST, steps));
  }

  /** The steps of one kind. */
  public <T extends Step> List<T> steps(Class<T> kind) {
    return steps.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** What the wanted configuration itself begins with; empty when it asks for nothing new. */
  public Optional<Step> begin() {
    return steps.stream()
        .filter(
            step ->
                step instanceof Step.Preflight
                    || step instanceof Step.MintKey
                    || step instanceof Step.UpdateKey)
        .findFirst();
  }

  /** What has been begun before and comes first. */
  public List<Step> before() {
    return begin().map(step -> steps.subList(0, steps.indexOf(step))).orElse(steps);
  }
}
