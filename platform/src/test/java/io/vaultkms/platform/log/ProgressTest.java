package io.vaultkms.platform.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProgressTest {
  private final Progress progress = new Progress();

  @Test
  void nothingIsCommittedBeforeSomethingIsHandled() {
    assertThat(progress.toCommit()).isEmpty();
    progress.hold(5);
    assertThat(progress.toCommit()).isEmpty();
  }

  @Test
  void theNextOffsetIsCommittedOnce() {
    progress.done(5);
    assertThat(progress.toCommit()).hasValue(6);
    progress.committed(6);
    assertThat(progress.toCommit()).isEmpty();
  }

  @Test
  void aHeldRecordKeepsTheMarkUntilItIsReleased() {
    progress.done(4);
    progress.committed(5);
    progress.hold(5);
    progress.done(5);
    progress.hold(7);
    progress.done(6);
    progress.done(7);
    assertThat(progress.toCommit()).isEmpty();
    progress.release(5);
    assertThat(progress.toCommit()).hasValue(7);
    progress.release(7);
    assertThat(progress.toCommit()).hasValue(8);
  }
}
