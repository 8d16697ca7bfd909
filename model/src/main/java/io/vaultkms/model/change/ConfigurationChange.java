package io.vaultkms.model.change;

import io.vaultkms.model.config.Mode;
import io.vaultkms.model.event.ConfigChange;
import io.vaultkms.model.event.FieldChange;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What is different between two configurations, and what that asks of the cluster.
 *
 * @param fields every field that differs, from what to what; of contents only their hash
 */
public record ConfigurationChange(ConfigChange kind, List<FieldChange> fields) {
  /** How a change of mode is told, which is no field of a provider. */
  public static final String MODE = "mode";

  /** How a change of what Secrets and ConfigMaps hold is told. */
  public static final String CONTENTS = "referenced contents";

  public ConfigurationChange {
    fields = List.copyOf(fields);
  }

  /** Compares what was with what is wanted now. */
  public static ConfigurationChange between(KnownConfiguration before, KnownConfiguration now) {
    return new ConfigurationChange(kind(before, now), fields(before, now));
  }

  private static ConfigChange kind(KnownConfiguration before, KnownConfiguration now) {
    if (before.mode() != now.mode()) {
      return otherMode(before.mode(), now.mode());
    }
    if (now.mode() != Mode.KMS) {
      return ConfigChange.NONE;
    }
    SortedSet<String> changed = changedFields(before, now);
    if (changed.stream().anyMatch(now.keyFields()::contains)) {
      return ConfigChange.NEW_KEY;
    }
    if (!changed.isEmpty()) {
      return ConfigChange.IN_PLACE;
    }
    return otherContents(before, now) ? ConfigChange.CREDENTIALS : ConfigChange.NONE;
  }

  private static ConfigChange otherMode(Mode before, Mode now) {
    if (!before.encrypts()) {
      return ConfigChange.ENABLE;
    }
    return now.encrypts() ? ConfigChange.NEW_KEY : ConfigChange.DISABLE;
  }

  private static List<FieldChange> fields(KnownConfiguration before, KnownConfiguration now) {
    List<FieldChange> changes = new ArrayList<>();
    if (before.mode() != now.mode()) {
      changes.add(new FieldChange(MODE, before.mode().wire(), now.mode().wire()));
    }
    for (String field : changedFields(before, now)) {
      changes.add(
          new FieldChange(
              field,
              before.fields().getOrDefault(field, ""),
              now.fields().getOrDefault(field, "")));
    }
    if (changes.isEmpty() && otherContents(before, now)) {
      changes.add(new FieldChange(CONTENTS, before.hash().orElseThrow(), now.hash().orElseThrow()));
    }
    return changes;
  }

  private static SortedSet<String> changedFields(
      KnownConfiguration before, KnownConfiguration now) {
    SortedSet<String> names = new TreeSet<>(before.fields().keySet());
    names.addAll(now.fields().keySet());
    names.removeIf(
        name -> before.fields().getOrDefault(name, "").equals(now.fields().getOrDefault(name, "")));
    return names;
  }

  /** The hash covers fields and contents, so it speaks of contents only where no field differs. */
  private static boolean otherContents(KnownConfiguration before, KnownConfiguration now) {
    return before.hash().isPresent() && now.hash().isPresent() && !before.hash().equals(now.hash());
  }
}
