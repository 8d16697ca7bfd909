package io.vaultkms.platform.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class HandshakesTest {
  @Test
  void readsWhatWasWritten() {
    TreeMap<Long, String> handshakes = new TreeMap<>(Map.of(12L, "a_B-c=dE", 2L, "IjKlMnOp"));

    assertThat(Handshakes.write(handshakes)).isEqualTo("2=IjKlMnOp 12=a_B-c=dE");
    assertThat(Handshakes.read(Handshakes.write(handshakes))).isEqualTo(handshakes);
  }

  @Test
  void readsNothingOutOfWhatMakesNoSense() {
    assertThat(Handshakes.read("")).isEmpty();
    assertThat(Handshakes.read("0=a one=b 3 4= 5=c")).isEqualTo(Map.of(5L, "c"));
  }
}
