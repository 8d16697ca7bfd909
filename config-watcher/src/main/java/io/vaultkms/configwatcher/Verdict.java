package io.vaultkms.configwatcher;

import io.vaultkms.model.change.ConfigurationChange;
import io.vaultkms.model.change.KnownConfiguration;
import io.vaultkms.model.config.Handshake;
import io.vaultkms.model.config.Violation;
import io.vaultkms.model.decision.Wanted;
import io.vaultkms.model.event.ConfigChanged;
import io.vaultkms.model.event.ConfigRejected;
import io.vaultkms.model.event.Event;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Puts what is wanted into the words of the log. Pure: the same configuration after the same memory
 * always gives an event of the same id.
 *
 * @param component whose configuration it is
 */
record Verdict(String clusterId, String component) {
  private static final List<Violation> GONE =
      List.of(
          new Violation(
              "metadata.name",
              "",
              "must be cluster: the APIServer object that was there is not any more"));

  /**
   * What there is to tell; empty when the log knows it, or when nobody ever configured anything.
   */
  Optional<Event> on(Wanted wanted, Memory memory, Instant now) {
    if (wanted.generation() == 0 && memory.last().isEmpty()) {
      return Optional.empty();
    }
    Event verdict = verdict(wanted, memory, now);
    return memory.has(verdict) ? Optional.empty() : Optional.of(verdict);
  }

  private Event verdict(Wanted wanted, Memory memory, Instant now) {
    return switch (wanted) {
      case Wanted.Valid valid -> changed(valid, memory, now);
      case Wanted.Absent absent -> rejected(absent.generation(), GONE, memory, now);
      case Wanted.Invalid invalid ->
          rejected(invalid.generation(), invalid.violations(), memory, now);
      case Wanted.Incomplete incomplete ->
          rejected(incomplete.generation(), incomplete.missing(), memory, now);
    };
  }

  private Event changed(Wanted.Valid wanted, Memory memory, Instant now) {
    KnownConfiguration before =
        memory.accepted().flatMap(KnownConfiguration::of).orElse(KnownConfiguration.PLAINTEXT);
    KnownConfiguration current = KnownConfiguration.of(wanted);
    ConfigurationChange change = ConfigurationChange.between(before, current);
    return new ConfigChanged(
        clusterId,
        component,
        now,
        wanted.generation(),
        current.hash().orElse(""),
        change.kind(),
        current.mode().wire(),
        current.fields(),
        change.fields(),
        memory.lastId());
  }

  private Event rejected(long generation, List<Violation> violations, Memory memory, Instant now) {
    return new ConfigRejected(
        clusterId,
        component,
        now,
        generation,
        Handshake.of(violations),
        violations,
        memory.lastId());
  }
}
