package io.vaultkms.cli.replay;

import java.util.List;

/** The services by their names, which their consumer groups have too. */
final class Services {
  /** Those that read the log's events as they come. */
  static final List<String> NAMES = List.of("plugin-deployer", "migrator", "health-monitor");

  /** It tells the log, and reads in it only what it has told itself. */
  static final String WITHOUT_EVENTS = "config-watcher";

  private Services() {}
}
