package io.vaultkms.configwatcher;

import io.vaultkms.model.event.ConfigChanged;
import io.vaultkms.model.event.ConfigRejected;
import io.vaultkms.model.event.Event;
import java.util.Optional;

/**
 * What the log has been told of one component's configuration.
 *
 * @param last the id of the last verdict, whichever it was
 * @param accepted the last configuration that was accepted
 */
record Memory(Optional<String> last, Optional<ConfigChanged> accepted) {
  static final Memory NOTHING = new Memory(Optional.empty(), Optional.empty());

  /** The same, after that event was told; only verdicts count. */
  Memory after(Event told) {
    return switch (told) {
      case ConfigChanged changed -> new Memory(Optional.of(changed.id()), Optional.of(changed));
      case ConfigRejected rejected -> new Memory(Optional.of(rejected.id()), accepted);
      default -> this;
    };
  }

  /** Whether the last verdict was this one. */
  boolean has(Event verdict) {
    return last.filter(verdict.id()::equals).isPresent();
  }
}
