package io.vaultkms.model.config;

import java.util.ArrayList;
import java.util.List;

/** What the rules of texts have in common. */
final class Texts {
  private Texts() {}

  /** Begins the list of broken rules; lengths are counted in characters, as API servers do. */
  static List<String> length(String value, int least, int most) {
    List<String> broken = new ArrayList<>();
    int length = value.codePointCount(0, value.length());
    if (length < least || length > most) {
      broken.add("must have %d to %d characters and has %d".formatted(least, most, length));
    }
    return broken;
  }
}
