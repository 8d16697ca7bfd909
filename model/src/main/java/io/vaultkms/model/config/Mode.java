package io.vaultkms.model.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Optional;

/**
 * How a component's resources are kept at rest; the wire names are those of the key Secret's {@code
 * mode}.
 */
public enum Mode {
  IDENTITY("identity"),
  AESCBC("aescbc"),
  AESGCM("aesgcm"),
  KMS("KMS");

  private final String wire;

  Mode(String wire) {
    this.wire = wire;
  }

  @JsonValue
  public String wire() {
    return wire;
  }

  /** Whether data under this mode is encrypted, with whatever kind of key. */
  public boolean encrypts() {
    return this != IDENTITY;
  }

  /** The mode with that wire name; empty when there is none. */
  public static Optional<Mode> find(String wire) {
    return Arrays.stream(values()).filter(mode -> mode.wire.equals(wire)).findFirst();
  }

  @JsonCreator
  static Mode parse(String wire) {
    return find(wire)
        .orElseThrow(() -> new IllegalArgumentException("'" + wire + "' is not a mode"));
  }
}
