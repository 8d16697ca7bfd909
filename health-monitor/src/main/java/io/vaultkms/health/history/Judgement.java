package io.vaultkms.health.history;

import io.vaultkms.model.config.Violation;
import io.vaultkms.model.event.ConfigChanged;
import io.vaultkms.model.event.ConfigRejected;
import java.time.Instant;
import java.util.List;

/**
 * What config-watcher said of a configuration, which it alone may compare with the contents that
 * the configuration refers to.
 *
 * @param hash stands for the configuration and the contents; of no use when it was rejected
 * @param violations all that is wrong; empty when it was accepted
 */
public record Judgement(
    long generation, boolean accepted, String hash, List<Violation> violations, Instant at) {
  static Judgement of(ConfigChanged changed) {
    return new Judgement(changed.generation(), true, changed.hash(), List.of(), changed.time());
  }

  static Judgement of(ConfigRejected rejected) {
    return new Judgement(
        rejected.generation(), false, rejected.hash(), rejected.violations(), rejected.time());
  }
}
