package io.vaultkms.migrator.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

class ClimbTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  /** Windows of a second against a server that answers so many a second at each limit. */
  private static void windows(Climb climb, int windows, IntToDoubleFunction rate) {
    for (int i = 0; i < windows; i++) {
      double answers = rate.applyAsDouble(climb.limit());
      Duration latency = Duration.ofNanos((long) (climb.limit() * 1e9 / answers));
      climb.window((int) answers, SECOND, latency);
    }
  }

  @Test
  void beginsLowAndDoublesWhileThatPays() {
    Climb climb = new Climb(8, 64);
    assertThat(climb.limit()).isEqualTo(8);
    windows(climb, 10, limit -> 700 + limit * 5);
    assertThat(climb.limit()).isEqualTo(64);
  }

  @Test
  void goesBackWhenMoreAtOnceGivesNoMore() {
    Climb climb = new Climb(8, 64);
    windows(climb, 3, limit -> Math.min(limit, 16) * 50);
    assertThat(climb.limit()).isEqualTo(16);
  }

  @Test
  void triesMoreAgainAfterAWhile() {
    Climb climb = new Climb(8, 64);
    windows(climb, 3, limit -> Math.min(limit, 16) * 50);
    windows(climb, 12, limit -> limit * 50);
    assertThat(climb.limit()).isEqualTo(64);
  }

  @Test
  void halvesWhenAskedAndClimbsAgain() {
    Climb climb = new Climb(8, 64);
    windows(climb, 6, limit -> limit * 50);
    climb.overloaded();
    assertThat(climb.limit()).isEqualTo(32);
    climb.overloaded();
    assertThat(climb.limit()).isEqualTo(16);
    windows(climb, 20, limit -> limit * 50);
    assertThat(climb.limit()).isEqualTo(64);
  }

  @Test
  void halvesWhenAnswersTakeMuchLonger() {
    Climb climb = new Climb(8, 8);
    windows(climb, 2, limit -> 800);
    climb.window(800, SECOND, Duration.ofMillis(100));
    assertThat(climb.limit()).isEqualTo(4);
  }

  @Test
  void neverLeavesOneAndTheCeiling() {
    Climb climb = new Climb(8, 5);
    assertThat(climb.limit()).isEqualTo(5);
    for (int i = 0; i < 5; i++) {
      climb.overloaded();
    }
    assertThat(climb.limit()).isEqualTo(1);
    windows(climb, 50, limit -> limit * 50);
    assertThat(climb.limit()).isEqualTo(5);
  }

  @Test
  void learnsNothingFromAFewAnswers() {
    Climb climb = new Climb(8, 64);
    climb.window(5, SECOND, Duration.ofSeconds(1));
    assertThat(climb.limit()).isEqualTo(8);
  }
}
