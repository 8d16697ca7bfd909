package io.vaultkms.configwatcher;

import io.vaultkms.model.event.ConfigChanged;
import io.vaultkms.model.event.ConfigRejected;
import io.vaultkms.model.event.Event;
import java.util.Optional;

/**
 * What the log has been told of one component's configuration.
 *
 * @param last the last verdict, whichever it was
 * @param accepted the last configuration that was accepted
 */
record Memory(Optional<Event> last, Optional<ConfigChanged> accepted) {
  static final Memory NOTHING = new Memory(Optional.empty(), Optional.empty());

  /** The same, after that event was told; only verdicts count. */
  Memory after(Event told) {
    return switch (told) {
      case ConfigChanged changed -> new Memory(Optional.of(changed), Optional.of(changed));
      case ConfigRejected rejected -> new Memory(Optional.of(rejected), accepted);
      default -> this;
    };
  }

  /** The id that the next verdict comes after; empty for the first. */
  String lastId() {
    return last.map(Event::id).orElse("");
  }

  /** Whether the last verdict said the same of the same. */
  boolean has(Event verdict) {
    return last.filter(known -> same(known, verdict)).isPresent();
  }

  private static boolean same(Event known, Event verdict) {
    return switch (known) {
      case ConfigChanged one ->
          verdict instanceof ConfigChanged other
              && one.generation() == other.generation()
              && one.hash().equals(other.hash());
      case ConfigRejected one ->
          verdict instanceof ConfigRejected other
              && one.generation() == other.generation()
              && one.hash().equals(other.hash());
      default -> false;
    };
  }
}
