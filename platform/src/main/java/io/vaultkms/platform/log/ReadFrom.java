package io.vaultkms.platform.log;

import java.time.Instant;

/** Where reading begins. */
public sealed interface ReadFrom {
  /** With the oldest record. */
  record Beginning() implements ReadFrom {}

  /** With the first record that was written at the time or later. */
  record Time(Instant time) implements ReadFrom {}

  /** With what comes next. */
  record End() implements ReadFrom {}
}
