package io.vaultkms.platform.log;

import java.util.Map;
import java.util.TreeMap;

/**
 * Where the log is and how its topics are made.
 *
 * @param bootstrapServers {@code host:port}, several with commas between them
 * @param client further properties of every Kafka client, such as {@code security.protocol}; may
 *     hold secrets, so only their names are shown
 * @param partitions partitions of a topic that has to be made
 * @param replication replication factor of a topic that has to be made
 */
public record LogSettings(
    String bootstrapServers, Map<String, String> client, int partitions, int replication) {
  public LogSettings {
    if (bootstrapServers.isBlank()) {
      throw new IllegalArgumentException("the Kafka bootstrap servers must not be empty");
    }
    if (partitions < 1) {
      throw new IllegalArgumentException(
          "partitions of a topic is " + partitions + ", and must be at least 1");
    }
    if (replication < 1 || replication > Short.MAX_VALUE) {
      throw new IllegalArgumentException(
          "replication factor of a topic is " + replication + ", and must be at least 1");
    }
    client = Map.copyOf(client);
  }

  /** A log without security, replicas or further settings, as the lab has it. */
  public static LogSettings plain(String bootstrapServers) {
    return new LogSettings(bootstrapServers, Map.of(), 3, 1);
  }

  @Override
  public String toString() {
    return "LogSettings[bootstrapServers=%s, client=%s, partitions=%d, replication=%d]"
        .formatted(
            bootstrapServers, new TreeMap<>(client).navigableKeySet(), partitions, replication);
  }
}
