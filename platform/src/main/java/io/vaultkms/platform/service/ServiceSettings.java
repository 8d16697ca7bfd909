package io.vaultkms.platform.service;

import io.vaultkms.platform.cluster.ClusterSettings;
import io.vaultkms.platform.env.Variables;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * What every program of the pipeline is told.
 *
 * @param clusterId names the cluster in every event; the record key in the log
 * @param httpPort where /livez, /readyz and /metrics are; 0 takes a free port
 * @param resync the longest time between two looks at the cluster
 */
public record ServiceSettings(
    String clusterId, String httpHost, int httpPort, Duration resync, ClusterSettings cluster) {
  private static final Pattern CLUSTER_ID = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?");

  public static ServiceSettings read(Variables variables) {
    return new ServiceSettings(
        variables.text(
            "CLUSTER_ID",
            "local",
            CLUSTER_ID,
            "must be 1 to 63 lower case letters, digits, '-' and '.'",
            "names the cluster in every event"),
        variables.text("HTTP_HOST", "0.0.0.0", "address for /livez, /readyz and /metrics"),
        variables.number("HTTP_PORT", 8080, 0, 65_535, "port for them; 0 takes a free one"),
        variables.duration(
            "RESYNC_INTERVAL", Duration.ofMinutes(3), "longest time between two looks"),
        ClusterSettings.read(variables));
  }
}
