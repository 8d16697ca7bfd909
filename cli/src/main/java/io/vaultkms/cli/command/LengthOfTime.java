package io.vaultkms.cli.command;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads lengths of time such as 500ms, 30s, 10m, 2h or 7d. */
public final class LengthOfTime implements ITypeConverter<Duration> {
  private static final Pattern PATTERN = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");

  @Override
  public Duration convert(String value) {
    return parse(value)
        .filter(Duration::isPositive)
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "'%s' must be a length of time such as 500ms, 30s, 10m, 2h or 7d"
                        .formatted(value)));
  }

  static Optional<Duration> parse(String value) {
    Matcher parts = PATTERN.matcher(value);
    if (!parts.matches()) {
      return Optional.empty();
    }
    long amount = Long.parseLong(parts.group(1));
    return Optional.of(
        switch (parts.group(2)) {
          case "ms" -> Duration.ofMillis(amount);
          case "s" -> Duration.ofSeconds(amount);
          case "m" -> Duration.ofMinutes(amount);
          case "h" -> Duration.ofHours(amount);
          default -> Duration.ofDays(amount);
        });
  }

  /** The same in the largest units that say enough: 4s, 12m, 3h, 8d. */
  public static String write(Duration duration) {
    if (duration.toDays() > 2) {
      return duration.toDays() + "d";
    }
    if (duration.toHours() > 2) {
      return duration.toHours() + "h";
    }
    return duration.toMinutes() > 2
        ? duration.toMinutes() + "m"
        : Math.max(0, duration.toSeconds()) + "s";
  }
}
