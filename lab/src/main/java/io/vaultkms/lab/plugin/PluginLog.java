package io.vaultkms.lab.plugin;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** One line on standard error for each thing that changed. */
final class PluginLog {
  private PluginLog() {}

  static void say(String what) {
    System.err.println(Instant.now().truncatedTo(ChronoUnit.MILLIS) + " " + what);
  }
}
