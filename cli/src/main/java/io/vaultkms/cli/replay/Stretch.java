package io.vaultkms.cli.replay;

import io.vaultkms.platform.log.EventReader;
import io.vaultkms.platform.log.LogSettings;
import io.vaultkms.platform.log.ReadFrom;
import io.vaultkms.platform.log.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;

/**
 * Offsets of the one partition that a cluster's events lie in, both included.
 *
 * @param to {@link Long#MAX_VALUE} for up to the end
 */
record Stretch(long from, long to) {

  /** From the first record of that cluster since that time; empty when there is none. */
  static Optional<Stretch> since(Instant since, long to, String cluster, LogSettings settings) {
    byte[] key = cluster.getBytes(StandardCharsets.UTF_8);
    long[] first = {Long.MAX_VALUE};
    try (EventReader reader = EventReader.open(settings, "replay")) {
      reader.read(
          Set.of(Topics.EVENTS),
          new ReadFrom.Time(since),
          entry -> {
            if (Arrays.equals(key, entry.record().key())) {
              first[0] = entry.offset();
              reader.stop();
            }
          });
    }
    return first[0] == Long.MAX_VALUE ? Optional.empty() : Optional.of(new Stretch(first[0], to));
  }
}
