package io.vaultkms.cli.plan;

import io.vaultkms.cli.command.Printable;
import io.vaultkms.model.event.FieldChange;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A plan as lines for people. */
final class PlanText {
  private final Plan plan;
  private final List<String> lines = new ArrayList<>();

  private PlanText(Plan plan) {
    this.plan = plan;
  }

  static List<String> of(Plan plan) {
    PlanText text = new PlanText(plan);
    text.lines.add(Printable.line(plan.component() + ": " + text.effect()));
    text.details();
    return List.copyOf(text.lines);
  }

  private void details() {
    plan.violations().forEach(violation -> add("- " + violation));
    plan.changes().forEach(change -> add("- " + change(change)));
    plan.inTheWay().forEach(obstacle -> add("! in the way: " + obstacle));
    for (int i = 0; i < plan.steps().size(); i++) {
      add("%d. %s".formatted(i + 1, plan.steps().get(i)));
    }
    if (!plan.steps().isEmpty()) {
      add("- " + sum());
    }
  }

  private void add(String line) {
    lines.add("  " + Printable.line(line));
  }

  private String effect() {
    if (plan.kind() == null) {
      return "the document cannot be used";
    }
    String effect =
        switch (plan.kind()) {
          case ENABLE -> "encryption is switched on, and everything is rewritten";
          case DISABLE -> "encryption is switched off, and everything is rewritten as plaintext";
          case NEW_KEY -> "another key, and everything is rewritten";
          case IN_PLACE -> "the same key, reached otherwise; nothing is rewritten";
          case CREDENTIALS ->
              "the same key with other credentials or another CA; nothing is rewritten";
          case NONE ->
              plan.steps().isEmpty()
                  ? "nothing changes"
                  : "nothing else than what is under way already";
        };
    return plan.inTheWay().isEmpty() ? effect : effect + "; but not now";
  }

  private static String change(FieldChange change) {
    return "%s: %s -> %s".formatted(change.field(), shown(change.from()), shown(change.to()));
  }

  private static String shown(String value) {
    return value.isEmpty() ? "(not set)" : value;
  }

  private String sum() {
    return "%d %s; %s"
        .formatted(plan.rollouts(), plan.rollouts() == 1 ? "rollout" : "rollouts", rewriting());
  }

  private String rewriting() {
    if (plan.objects().isEmpty()) {
      return "no object is rewritten";
    }
    String objects =
        "%,d objects are rewritten (%s)"
            .formatted(
                plan.total(),
                plan.objects().entrySet().stream()
                    .map(entry -> "%,d %s".formatted(entry.getValue(), entry.getKey()))
                    .collect(Collectors.joining(", ")));
    return objects + ", " + time();
  }

  private String time() {
    MeasuredRate rate = plan.rate();
    return rate == null || plan.seconds() == null
        ? "how long that takes is not known, since nothing has been migrated here yet"
        : String.format(
            Locale.ROOT,
            rate.objectsPerSecond() < 10
                ? "about %,d s at the %.1f objects/s of migration %s"
                : "about %,d s at the %,.0f objects/s of migration %s",
            plan.seconds(),
            rate.objectsPerSecond(),
            rate.run());
  }
}
