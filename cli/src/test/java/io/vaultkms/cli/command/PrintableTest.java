package io.vaultkms.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrintableTest {
  @Test
  void foldsLinesAndDisarmsControlSequences() {
    assertThat(Printable.line("  one\r\n  two\nthree ")).isEqualTo("one two three");
    assertThat(Printable.line("\033[2Jred\t\u202Etxt")).isEqualTo("\uFFFD[2Jred\uFFFD\uFFFDtxt");
    assertThat(Printable.line("Schlüssel 1 → 2")).isEqualTo("Schlüssel 1 → 2");
  }
}
