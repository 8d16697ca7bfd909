package io.vaultkms.deployer.contract;

import io.vaultkms.platform.cluster.Contract;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * That a Secret was gone and was made anew.
 *
 * @param source the Secret that it was made from
 */
public record Restored(Instant time, String source) {
  static Optional<Restored> read(Map<String, String> annotations) {
    return Optional.ofNullable(annotations.get(Contract.RESTORED_TIME))
        .map(
            time ->
                new Restored(
                    Instant.parse(time), annotations.getOrDefault(Contract.RESTORED_FROM, "")));
  }

  Map<String, String> annotations() {
    return Map.of(Contract.RESTORED_TIME, time.toString(), Contract.RESTORED_FROM, source);
  }
}
