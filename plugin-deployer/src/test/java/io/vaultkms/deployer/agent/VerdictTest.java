package io.vaultkms.deployer.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaultkms.deployer.agent.Probe.Result;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class VerdictTest {
  private static final Result SEALED = new Result.Failed("Status", "Vault is sealed", true);
  private static final Result NO_ANSWER = new Result.Failed("Start", "no socket", false);
  private static final Result YES = new Result.Passed("v1", 1, 2, 3);

  private Instant now = Instant.parse("2026-03-01T12:00:00Z");
  private final Verdict verdict = new Verdict("request", "hash", new Later());

  @Test
  void believesAYesAtOnce() {
    assertThat(verdict.hear(YES)).isTrue();
    assertThat(verdict.passed()).isTrue();
    assertThat(Objects.requireNonNull(verdict.report()).remoteKeyId()).isEqualTo("v1");
  }

  @Test
  void believesANoThatIsSaidThreeTimes() {
    assertThat(verdict.hear(SEALED)).isFalse();
    assertThat(verdict.hear(SEALED)).isFalse();
    assertThat(verdict.report()).isNull();
    assertThat(verdict.hear(SEALED)).isTrue();
    assertThat(Objects.requireNonNull(verdict.report()).reason()).isEqualTo("Vault is sealed");
  }

  @Test
  void beginsToCountAnewWhenThereWasNoAnswer() {
    verdict.hear(SEALED);
    verdict.hear(SEALED);
    verdict.hear(NO_ANSWER);

    assertThat(verdict.hear(SEALED)).isFalse();
  }

  @Test
  void believesSilenceAfterHalfAMinute() {
    now = now.plusSeconds(30);
    assertThat(verdict.hear(NO_ANSWER)).isFalse();
    now = now.plusMillis(1);
    assertThat(verdict.hear(NO_ANSWER)).isTrue();
  }

  @Test
  void saysTheSameNoOnceAndKeepsItsTime() {
    now = now.plus(Duration.ofMinutes(1));
    verdict.hear(NO_ANSWER);
    Instant first = Objects.requireNonNull(verdict.report()).time();
    now = now.plus(Duration.ofMinutes(1));

    assertThat(verdict.hear(NO_ANSWER)).isFalse();
    assertThat(Objects.requireNonNull(verdict.report()).time()).isEqualTo(first);
  }

  @Test
  void takesANoBackWhenWhatWasWrongIsMended() {
    now = now.plus(Duration.ofMinutes(1));
    verdict.hear(SEALED);

    assertThat(verdict.hear(YES)).isTrue();
    assertThat(verdict.passed()).isTrue();
  }

  /** The time that the test says it is. */
  private final class Later extends Clock {
    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
