package io.vaultkms.cli.command;

import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads points in time: RFC 3339, or how long ago it was. */
public final class PointInTime implements ITypeConverter<Instant> {
  private final Clock clock;

  public PointInTime(Clock clock) {
    this.clock = clock;
  }

  @Override
  public Instant convert(String value) {
    return LengthOfTime.parse(value).map(clock.instant()::minus).orElseGet(() -> absolute(value));
  }

  private static Instant absolute(String value) {
    try {
      return OffsetDateTime.parse(value).toInstant();
    } catch (DateTimeParseException e) {
      throw new TypeConversionException(
          "'%s' must be how long ago, such as 10m, or a time such as 2026-11-23T12:00:00Z"
              .formatted(value));
    }
  }
}
