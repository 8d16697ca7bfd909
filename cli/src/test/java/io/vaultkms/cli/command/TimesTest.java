package io.vaultkms.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimesTest {
  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");

  @ParameterizedTest
  @CsvSource({
    "10m, 2026-11-23T11:50:00Z",
    "2h, 2026-11-23T10:00:00Z",
    "0s, 2026-11-23T12:00:00Z",
    "2026-11-23T13:00:00+02:00, 2026-11-23T11:00:00Z",
    "2026-11-22T00:00:00.5Z, 2026-11-22T00:00:00.500Z"
  })
  void readsHowLongAgoAndTimesWithAnOffset(String text, Instant time) {
    assertThat(new PointInTime(Clock.fixed(NOON, ZoneOffset.UTC)).convert(text)).isEqualTo(time);
  }

  @Test
  void writesTheLargestUnitThatSaysEnough() {
    assertThat(LengthOfTime.write(Duration.ofSeconds(150))).isEqualTo("150s");
    assertThat(LengthOfTime.write(Duration.ofMinutes(7))).isEqualTo("7m");
    assertThat(LengthOfTime.write(Duration.ofHours(30))).isEqualTo("30h");
    assertThat(LengthOfTime.write(Duration.ofDays(8))).isEqualTo("8d");
    assertThat(LengthOfTime.write(Duration.ofSeconds(-3))).isEqualTo("0s");
  }
}
