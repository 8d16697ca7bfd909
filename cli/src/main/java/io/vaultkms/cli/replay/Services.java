package io.vaultkms.cli.replay;

import java.util.List;

/** The services that read the log, by the names of their consumer groups. */
final class Services {
  static final List<String> NAMES =
      List.of("config-watcher", "plugin-deployer", "migrator", "health-monitor");

  private Services() {}
}
