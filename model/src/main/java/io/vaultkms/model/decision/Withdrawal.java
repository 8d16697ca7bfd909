package io.vaultkms.model.decision;

import io.vaultkms.model.bundle.Bundle;
import io.vaultkms.model.decision.Step.Purpose;
import io.vaultkms.model.decision.Step.RollOut;
import io.vaultkms.model.decision.Step.WithdrawKey;
import io.vaultkms.model.key.EncryptionKey;
import java.util.Optional;

/**
 * The way back for a key on its way that does not get there. A change of mind alone is no reason:
 * the key goes on, and the change has its turn after it. But a read key whose rollout has stalled,
 * and which the wanted configuration does not ask for any more, goes: it has never written, so
 * nothing can be stored under it. A write key never goes this way.
 */
final class Withdrawal {
  private final Observation seen;
  private final Bundle current;

  Withdrawal(Observation seen) {
    this.seen = seen;
    this.current = seen.currentBundle();
  }

  /**
   * The bundle without the key goes out over the one that has not converged: API servers then have
   * either what they had before the key came, or the key beside it.
   */
  Optional<Step> takenOut() {
    return seen.keys().stream()
        .filter(key -> current.keys().containsKey(key.id()))
        .filter(seen::isWithdrawn)
        .findFirst()
        .map(key -> new RollOut(current.without(key.id()), Purpose.WITHDRAW, key.id()));
  }

  Optional<Step> begun() {
    return seen.newestKey()
        .filter(key -> current.keys().containsKey(key.id()))
        .filter(key -> current.newestWriteKey() < key.id())
        .filter(key -> Convergence.stalled(seen))
        .filter(this::unwanted)
        .map(
            key ->
                new WithdrawKey(
                    key.id(), "its rollout as read key stalled, and it is not wanted any more"));
  }

  private boolean unwanted(EncryptionKey key) {
    return seen.wanted() instanceof Wanted.Valid valid && !WantedKey.isFor(key, valid);
  }
}
