package io.vaultkms.cli.events;

import io.vaultkms.cli.command.Nearest;
import io.vaultkms.model.event.Event;
import io.vaultkms.model.event.EventTypes;
import io.vaultkms.platform.log.Decoded;
import io.vaultkms.platform.log.LogEntry;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * Takes entries of some types, or every entry.
 *
 * @param types CloudEvents types; empty takes everything, and what cannot be decoded too
 */
record EventTypeFilter(Set<String> types) {

  /**
   * Types by their short names or their whole ones.
   *
   * @throws ParameterException when there is no such type
   */
  static EventTypeFilter of(Collection<String> names, CommandLine command) {
    Map<String, String> known = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    for (Map.Entry<String, Class<? extends Event>> type : EventTypes.all().entrySet()) {
      known.put(type.getKey(), type.getKey());
      known.put(type.getValue().getSimpleName(), type.getKey());
    }
    return new EventTypeFilter(
        names.stream()
            .map(name -> known.computeIfAbsent(name, wrong -> refuse(wrong, command)))
            .collect(Collectors.toUnmodifiableSet()));
  }

  private static String refuse(String name, CommandLine command) {
    List<String> shortNames =
        EventTypes.all().values().stream().map(Class::getSimpleName).sorted().toList();
    throw new ParameterException(
        command,
        "--type '%s' must be a type of event: %s"
            .formatted(
                name,
                Nearest.to(name, shortNames)
                    .map(nearest -> "did you mean " + nearest + "?")
                    .orElseGet(() -> String.join(", ", shortNames))));
  }

  boolean takes(LogEntry entry) {
    return types.isEmpty()
        || switch (entry.decoded()) {
          case Decoded.Known(Event event, _) -> types.contains(event.type());
          case Decoded.Unknown(var cloudEvent) -> types.contains(cloudEvent.getType());
          case Decoded.Undecodable _ -> false;
        };
  }
}
