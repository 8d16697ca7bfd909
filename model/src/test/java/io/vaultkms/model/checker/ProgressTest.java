package io.vaultkms.model.checker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProgressTest {
  @Test
  void aWayThatEndsIsNoCircle() {
    assertThat(progress(new int[] {1, 2}, new int[] {2}, new int[] {}).circle()).isEqualTo(-1);
  }

  @Test
  void aCircleBehindTheStartIsFound() {
    Progress progress =
        progress(new int[] {1}, new int[] {2}, new int[] {3, 4}, new int[] {1}, new int[] {});

    assertThat(progress.circle()).isBetween(1, 4);
  }

  @Test
  void aSceneThatFollowsItselfIsACircle() {
    assertThat(progress(new int[] {1}, new int[] {1}).circle()).isEqualTo(1);
  }

  @Test
  void knowsWhereNothingFollows() {
    assertThat(progress(new int[] {1}, new int[] {}).none()).isTrue();
    assertThat(progress(new int[] {1}).none()).isFalse();
  }

  private static Progress progress(int[]... followers) {
    Progress progress = new Progress();
    for (int[] targets : followers) {
      progress.begin();
      for (int target : targets) {
        progress.add(target);
      }
    }
    return progress;
  }
}
