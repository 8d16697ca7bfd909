package io.vaultkms.migrator.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConfirmedTest {
  @Test
  void knowsExactlyWhatItWasTold() {
    Confirmed confirmed = new Confirmed(1_000);
    confirmed.add(1_000);
    confirmed.add(1_031);
    confirmed.add(1_000 + Confirmed.WINDOW - 1);
    assertThat(confirmed.contains(1_000)).isTrue();
    assertThat(confirmed.contains(1_001)).isFalse();
    assertThat(confirmed.contains(1_031)).isTrue();
    assertThat(confirmed.contains(1_000 + Confirmed.WINDOW - 1)).isTrue();
  }

  @Test
  void doesNotKnowWhatIsOutsideItsWindow() {
    Confirmed confirmed = new Confirmed(1_000);
    confirmed.add(999);
    confirmed.add(1_000 + Confirmed.WINDOW);
    assertThat(confirmed.contains(999)).isFalse();
    assertThat(confirmed.contains(1_000 + Confirmed.WINDOW)).isFalse();
  }
}
