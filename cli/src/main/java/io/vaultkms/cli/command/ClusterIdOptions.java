package io.vaultkms.cli.command;

import io.vaultkms.platform.log.LogEntry;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whose events are wanted: those of one cluster, or all. */
public final class ClusterIdOptions {
  static final String CLUSTER = "--cluster";
  static final String CLUSTER_VARIABLE = "CLUSTER_ID";

  @Option(
      names = CLUSTER,
      paramLabel = "ID",
      description = "only events of this cluster ($" + CLUSTER_VARIABLE + "; all clusters)")
  private @Nullable String cluster;

  public Optional<String> cluster() {
    return Optional.ofNullable(cluster);
  }

  /** By the record's key, so that it also says something of records that cannot be decoded. */
  public boolean concerns(LogEntry entry) {
    byte[] key = entry.record().key();
    return cluster == null
        || key == null
        || cluster.equals(new String(key, StandardCharsets.UTF_8));
  }
}
