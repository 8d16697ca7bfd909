package io.vaultkms.model.event;

/** An event that is of use while it is fresh, and is kept for a day. */
public sealed interface Telemetry extends Event permits MigrationProgressed {

  @Override
  default Channel channel() {
    return Channel.TELEMETRY;
  }
}
