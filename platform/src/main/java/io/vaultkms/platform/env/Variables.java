package io.vaultkms.platform.env;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads environment variables one by one and keeps every complaint, so that all that is wrong is
 * said at once: call {@link #check} after the last. Each read also documents its variable. Not for
 * use by several threads.
 */
public final class Variables {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

  private final Map<String, String> environment;
  private final List<Documented> documented = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

  public Variables(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  /** What people are told of a variable. */
  public record Documented(String name, String standard, String meaning) {}

  /** A text; the standard value when the variable is missing or empty. */
  public String text(String name, String standard, String meaning) {
    return read(name, standard, meaning, Function.identity(), standard);
  }

  /** A text that has to match, where {@code rule} says in words what the pattern asks. */
  public String text(String name, String standard, Pattern pattern, String rule, String meaning) {
    return read(
        name,
        standard,
        meaning,
        value -> {
          if (!pattern.matcher(value).matches()) {
            throw new IllegalArgumentException(rule);
          }
          return value;
        },
        standard);
  }

  /** A text that may be missing. */
  public Optional<String> optional(String name, String meaning) {
    return read(name, "", meaning, Optional::of, Optional.empty());
  }

  /** A file that has to be there when it is named. */
  public Optional<Path> optionalFile(String name, String meaning) {
    return read(
        name,
        "",
        meaning,
        value -> {
          Path file = Path.of(value);
          if (!Files.isReadable(file)) {
            throw new IllegalArgumentException("must be a file that can be read");
          }
          return Optional.of(file);
        },
        Optional.empty());
  }

  /** A whole number within limits, both included. */
  public int number(String name, int standard, int least, int most, String meaning) {
    return read(
        name,
        Integer.toString(standard),
        meaning,
        value -> {
          int number = value.matches("-?\\d{1,9}") ? Integer.parseInt(value) : Integer.MIN_VALUE;
          if (number < least || number > most) {
            throw new IllegalArgumentException(
                "must be a whole number from %d to %d".formatted(least, most));
          }
          return number;
        },
        standard);
  }

  /** A length of time such as 500ms, 30s, 3m, 1h or 7d, more than nothing. */
  public Duration duration(String name, Duration standard, String meaning) {
    return read(name, write(standard), meaning, Variables::parseDuration, standard);
  }

  /**
   * A length of time that may not be longer than another.
   *
   * @param rule says in words what the longest one is and why
   */
  public Duration duration(
      String name, Duration standard, Duration most, String rule, String meaning) {
    return read(
        name,
        write(standard),
        meaning,
        value -> {
          Duration length = parseDuration(value);
          if (length.compareTo(most) > 0) {
            throw new IllegalArgumentException(rule);
          }
          return length;
        },
        standard);
  }

  /** true or false. */
  public boolean flag(String name, boolean standard, String meaning) {
    return read(
        name,
        Boolean.toString(standard),
        meaning,
        value ->
            switch (value) {
              case "true" -> true;
              case "false" -> false;
              default -> throw new IllegalArgumentException("must be true or false");
            },
        standard);
  }

  /**
   * A value of several parts, of which several may be wrong.
   *
   * @param shown the standard value in words
   * @param parser reads the whole value, and is given where to say which part breaks which rule
   */
  public <T> T parsed(
      String name,
      String shown,
      T standard,
      BiFunction<String, BiConsumer<String, String>, T> parser,
      String meaning) {
    return read(
        name,
        shown,
        meaning,
        value ->
            parser.apply(
                value, (part, rule) -> problems.add("%s: '%s' %s".formatted(name, part, rule))),
        standard);
  }

  /** Every variable read so far, in order. */
  public List<Documented> documented() {
    return List.copyOf(documented);
  }

  /**
   * @throws BadConfiguration when any variable read so far was wrong; its message has a sentence
   *     for each
   */
  public void check() {
    if (!problems.isEmpty()) {
      throw new BadConfiguration(String.join("\n", problems));
    }
  }

  private <T> T read(
      String name, String shown, String meaning, Function<String, T> parser, T standard) {
    documented.add(new Documented(name, shown, meaning));
    String value = environment.get(name);
    if (value == null || value.isBlank()) {
      return standard;
    }
    try {
      return parser.apply(value.strip());
    } catch (IllegalArgumentException e) {
      problems.add("%s '%s' %s".formatted(name, value, e.getMessage()));
      return standard;
    }
  }

  private static Duration parseDuration(String value) {
    Matcher parts = DURATION.matcher(value);
    if (!parts.matches() || Long.parseLong(parts.group(1)) == 0) {
      throw new IllegalArgumentException(
          "must be a length of time such as 500ms, 30s, 3m, 1h or 7d");
    }
    long amount = Long.parseLong(parts.group(1));
    return switch (parts.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }

  private static String write(Duration duration) {
    if (duration.toMillis() % 1000 != 0) {
      return duration.toMillis() + "ms";
    }
    long seconds = duration.toSeconds();
    if (seconds % 86_400 == 0) {
      return seconds / 86_400 + "d";
    }
    if (seconds % 3_600 == 0) {
      return seconds / 3_600 + "h";
    }
    return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
  }
}
