package io.vaultkms.health.status;

/**
 * What is found of one condition, before it is known since when.
 *
 * @param reason one CamelCase word
 */
record Finding(Truth truth, String reason, String message) {
  /** The three values of a condition's status. */
  enum Truth {
    TRUE("True"),
    FALSE("False"),
    UNKNOWN("Unknown");

    private final String word;

    Truth(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }

  static Finding yes(String reason, String message) {
    return new Finding(Truth.TRUE, reason, message);
  }

  static Finding no(String reason, String message) {
    return new Finding(Truth.FALSE, reason, message);
  }

  static Finding unknown(String reason, String message) {
    return new Finding(Truth.UNKNOWN, reason, message);
  }
}
