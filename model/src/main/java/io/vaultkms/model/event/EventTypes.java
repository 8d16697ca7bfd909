package io.vaultkms.model.event;

import static java.util.stream.Collectors.toUnmodifiableMap;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/** The types of events by their CloudEvents names, read off the sealed interface. */
public final class EventTypes {
  private static final Map<String, Class<? extends Event>> BY_NAME =
      recordsUnder(Event.class).collect(toUnmodifiableMap(EventTypes::nameOf, Function.identity()));

  private EventTypes() {}

  /** Every type, in the order of its name. */
  public static Map<String, Class<? extends Event>> all() {
    return new TreeMap<>(BY_NAME);
  }

  /** The class of a CloudEvents type, or empty if this version does not know it. */
  public static Optional<Class<? extends Event>> named(String type) {
    return Optional.ofNullable(BY_NAME.get(type));
  }

  /** The CloudEvents type of a class of events. */
  public static String nameOf(Class<? extends Event> type) {
    return "io.vaultkms." + type.getSimpleName() + ".v1";
  }

  private static Stream<Class<? extends Event>> recordsUnder(Class<?> type) {
    return type.isSealed()
        ? Stream.of(type.getPermittedSubclasses()).flatMap(EventTypes::recordsUnder)
        : Stream.of(type.asSubclass(Event.class));
  }
}
