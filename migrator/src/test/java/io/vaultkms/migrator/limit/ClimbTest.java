package io.vaultkms.migrator.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
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
  void goesBackAtOnceWhenMoreAtOnceGivesLess() {
    Climb climb = new Climb(8, 64);
    windows(climb, 3, limit -> 800 - 25 * Math.max(0, limit - 16));
    assertThat(climb.limit()).isEqualTo(16);
  }

  @Test
  void comesDownToWhatGivesAsMuch() {
    Climb climb = new Climb(8, 64);
    windows(climb, 200, limit -> Math.min(limit, 16) * 50);
    assertThat(meanLimit(climb, 100, limit -> Math.min(limit, 16) * 50)).isBetween(14.0, 24.0);
  }

  @Test
  void findsOutWhenMorePaysLater() {
    Climb climb = new Climb(8, 64);
    windows(climb, 200, limit -> Math.min(limit, 16) * 50);
    windows(climb, 100, limit -> limit * 50);
    assertThat(meanLimit(climb, 50, limit -> limit * 50)).isGreaterThan(55);
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
  void triesMoreLaterEachTimeItIsRefused() {
    Climb climb = new Climb(8, 64);
    int refusals = 0;
    for (int window = 0; window < 400; window++) {
      if (climb.limit() > 32) {
        climb.overloaded();
        refusals++;
      }
      windows(climb, 1, limit -> limit * 50);
    }
    assertThat(refusals).isBetween(2, 8);
    assertThat(climb.limit()).isEqualTo(32);
  }

  @Test
  void halvesWhenAnswersTakeMuchLonger() {
    Climb climb = new Climb(8, 8);
    windows(climb, 2, limit -> 800);
    climb.window(800, SECOND, Duration.ofMillis(100));
    assertThat(climb.limit()).isEqualTo(4);
  }

  /**
   * What a real API server and etcd on two processors gave at 16, 32, 64 writes at once, on a
   * machine whose speed is half or twice as much from one window to the next.
   */
  @Test
  void isNotLedAstrayByAMachineThatOthersShare() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    double share = 0;
    int runs = 200;
    for (int run = 0; run < runs; run++) {
      Climb climb = new Climb(8, 64);
      double mean =
          meanRate(climb, 40, limit -> measured(limit) * Math.exp(0.25 * random.nextGaussian()));
      share += mean / measured(64) / runs;
    }
    assertThat(share).as("seed %d", seed).isGreaterThan(0.92);
  }

  private static double measured(int limit) {
    return switch (limit) {
      case 1, 2, 4, 8 -> 450;
      case 16 -> 557;
      case 32 -> 598;
      default -> 678;
    };
  }

  private static double meanRate(Climb climb, int windows, IntToDoubleFunction rate) {
    double sum = 0;
    for (int i = 0; i < windows; i++) {
      sum += measured(climb.limit());
      windows(climb, 1, rate);
    }
    return sum / windows;
  }

  private static double meanLimit(Climb climb, int windows, IntToDoubleFunction rate) {
    double sum = 0;
    for (int i = 0; i < windows; i++) {
      sum += climb.limit();
      windows(climb, 1, rate);
    }
    return sum / windows;
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
    assertThat(meanLimit(climb, 50, limit -> limit * 50)).isBetween(4.7, 5.0);
  }

  @Test
  void learnsNothingFromAFewAnswers() {
    Climb climb = new Climb(8, 64);
    climb.window(5, SECOND, Duration.ofSeconds(1));
    assertThat(climb.limit()).isEqualTo(8);
  }
}
