package io.vaultkms.model.checker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VisitedTest {
  @Test
  void knowsEachOfManyScenesAndItsParent() {
    Visited visited = new Visited();
    int many = 100_000;
    for (int i = 0; i < many; i++) {
      assertThat(visited.add(scene(i), i / 2)).isEqualTo(~i);
    }
    for (int i = 0; i < many; i += 7) {
      assertThat(visited.add(scene(i), 0)).isEqualTo(i);
      assertThat(visited.parent(i)).isEqualTo(i / 2);
      assertThat(visited.is(i, scene(i))).isTrue();
    }
    assertThat(visited.size()).isEqualTo(many);
  }

  private static long[] scene(int number) {
    return new long[] {number % 3, number % 1000, 0, number};
  }
}
