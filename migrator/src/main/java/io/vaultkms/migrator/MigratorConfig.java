package io.vaultkms.migrator;

import io.vaultkms.migrator.api.ApiClient;
import io.vaultkms.migrator.run.RunSettings;
import io.vaultkms.platform.component.Components;
import io.vaultkms.platform.env.Variables;
import io.vaultkms.platform.log.LogSettings;
import io.vaultkms.platform.service.LogVariables;
import io.vaultkms.platform.service.ServiceSettings;
import java.time.Duration;

/**
 * What the migrator is told.
 *
 * @param maxConcurrency writes under way at most
 * @param maxPerSecond writes begun a second at most; 0 for any number
 * @param connections to the API servers
 */
record MigratorConfig(
    ServiceSettings service,
    Components components,
    LogSettings log,
    RunSettings run,
    int maxConcurrency,
    int maxPerSecond,
    int connections) {
  /** The longest answer that is taken in; pages get smaller before this many are needed. */
  private static final int LONGEST_ANSWER = 4 << 20;

  static MigratorConfig read(Variables variables) {
    return new MigratorConfig(
        ServiceSettings.read(variables),
        Components.read(variables),
        LogVariables.read(variables),
        run(variables),
        variables.number("MIGRATOR_MAX_CONCURRENCY", 128, 1, 1_000, "most writes at once"),
        variables.number(
            "MIGRATOR_MAX_PER_SECOND", 0, 0, 1_000_000, "most writes a second; 0 for any number"),
        variables.number("MIGRATOR_CONNECTIONS", 4, 1, 100, "connections to the API servers"));
  }

  private static RunSettings run(Variables variables) {
    return new RunSettings(
        variables.number("MIGRATOR_PAGE_SIZE", 500, 1, 5_000, "objects of one page of a list"),
        variables.duration(
            "MIGRATOR_REQUEST_TIMEOUT",
            Duration.ofSeconds(60),
            "the API servers' --request-timeout, and what clocks may differ"),
        variables.duration(
            "MIGRATOR_RETRY_BUDGET", Duration.ofMinutes(1), "longest time one request is repeated"),
        variables.number(
            "MIGRATOR_RESOURCES_AT_ONCE", 1, 1, 100, "resources worked on at the same time"),
        variables.duration(
            "MIGRATOR_LOOK_INTERVAL",
            Duration.ofMillis(750),
            "how often a run looks whether it may go on"),
        variables.duration(
            "MIGRATOR_STANDBY_PATIENCE",
            Duration.ofMinutes(15),
            "how long a migration is left to another replica before this one works too"));
  }

  ApiClient.Settings api() {
    return new ApiClient.Settings(
        service.cluster().requestTimeout(), connections, maxConcurrency, LONGEST_ANSWER);
  }
}
