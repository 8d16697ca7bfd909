package io.vaultkms.deployer.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which copy a lost bundle may be made anew from. */
class BundleCopiesTest {
  static List<Arguments> table() {
    return List.of(
        Arguments.of("there is none", Map.of(), 0, false),
        Arguments.of("one after the other", Map.of(1L, 0L, 2L, 1L, 3L, 2L), 0, true),
        Arguments.of("two were decided on from the same", Map.of(4L, 3L, 5L, 3L), 0, false),
        Arguments.of("and a node has only the one before", Map.of(4L, 3L, 5L, 3L), 3, false),
        Arguments.of("and a node has the lower one", Map.of(4L, 3L, 5L, 3L), 4, false),
        Arguments.of("and a node has the higher one", Map.of(4L, 3L, 5L, 3L), 5, true),
        Arguments.of("one of them was built on", Map.of(4L, 3L, 5L, 3L, 6L, 5L), 0, true),
        Arguments.of("the other one was", Map.of(4L, 3L, 5L, 3L, 6L, 4L), 0, false));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("table")
  void isCertain(String title, Map<Long, Long> after, long observed, boolean certain) {
    assertThat(BundleCopies.certain(new TreeMap<>(after), observed)).isEqualTo(certain);
  }
}
