package io.vaultkms.lab.apiserver.envelope;

import java.time.Duration;

/**
 * How an API server treats its KMS plugins and its EncryptionConfiguration file.
 *
 * @param reload how often the file is looked at (60 s on a real API server)
 * @param healthy how often a healthy plugin's Status is asked (60 s on a real one)
 * @param failing how often a failing plugin's Status is asked (10 s on a real one)
 * @param writeLimit how long after the last good Status writes go on
 */
public record KmsTiming(Duration reload, Duration healthy, Duration failing, Duration writeLimit) {
  /** Quick enough for a lab: a second everywhere, and the real 3 minutes for writes. */
  public static final KmsTiming LAB =
      new KmsTiming(
          Duration.ofSeconds(1),
          Duration.ofSeconds(1),
          Duration.ofSeconds(1),
          Duration.ofMinutes(3));
}
