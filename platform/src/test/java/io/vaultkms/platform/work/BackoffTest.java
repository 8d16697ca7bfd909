package io.vaultkms.platform.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {
  @ParameterizedTest
  @CsvSource({"1,100,200", "2,200,400", "3,400,800", "7,2500,5000", "1000,2500,5000"})
  void pausesDoubleUpToTheLongestAndVaryByHalf(int failures, long atLeast, long atMost) {
    Backoff backoff = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(5));
    for (int i = 0; i < 100; i++) {
      assertThat(backoff.after(failures))
          .isBetween(Duration.ofMillis(atLeast), Duration.ofMillis(atMost));
    }
  }
}
