package io.vaultkms.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {
  @ParameterizedTest
  @CsvSource({"'', abc, 3", "abc, abc, 0", "abc, ABC, 0", "abc, acb, 1", "kitten, sitting, 3"})
  void countsLettersThatDiffer(String left, String right, int distance) {
    assertThat(Nearest.distance(left, right)).isEqualTo(distance);
    assertThat(Nearest.distance(right, left)).isEqualTo(distance);
  }

  @Test
  void guessesNothingForAWordThatIsLikeNone() {
    assertThat(Nearest.to("xyzzy", List.of("vaultAddress", "tls"))).isEmpty();
    assertThat(Nearest.to("vaultAdress", List.of("vaultAddress", "tls"))).contains("vaultAddress");
  }
}
