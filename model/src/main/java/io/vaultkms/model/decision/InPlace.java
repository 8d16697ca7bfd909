package io.vaultkms.model.decision;

import io.vaultkms.model.decision.Step.UpdateKey;
import io.vaultkms.model.key.EncryptionKey;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whether a key is to change and stay the same key. The newest one becomes what is wanted, where
 * that is for the same remote key. Every other one in the bundle keeps its own configuration and
 * gets what the Secrets and ConfigMaps hold now that this refers to: API servers need its plugin as
 * long as they have it, and what it held may be revoked any time.
 *
 * <p>Nodes try one configuration at a time, so each has its turn, the newest key's first. One that
 * a node refused lets the others pass and keeps what it had. When all are refused the newest key's
 * has the turn again, since that is what the admin asks for; where there is none, the last one
 * keeps it.
 */
final class InPlace {
  private final Observation seen;

  InPlace(Observation seen) {
    this.seen = seen;
  }

  /**
   * @param hash empty for an observer that may not read the contents
   */
  private record Change(long keyId, Optional<String> hash) {}

  Optional<Step> next() {
    Optional<Change> newest = newest();
    return Stream.concat(newest.stream(), renewals())
        .filter(change -> !isRefused(change))
        .findFirst()
        .or(() -> newest)
        .map(this::step);
  }

  private Step step(Change change) {
    return Preflights.pass(seen, change.keyId(), change.hash())
        .orElseGet(() -> new UpdateKey(change.keyId(), change.hash().orElseThrow()));
  }

  private Optional<Change> newest() {
    return seen.wanted() instanceof Wanted.Remote remote
        ? seen.newestKey()
            .filter(key -> WantedKey.keeps(key, remote))
            .filter(key -> WantedKey.differs(key, remote))
            .map(key -> new Change(key.id(), remote.hash()))
        : Optional.empty();
  }

  /** Newest first, so that the one that writes comes before those that are only read with. */
  private Stream<Change> renewals() {
    return seen.keys().reversed().stream()
        .filter(key -> seen.keepsItsOwn(key.id()))
        .map(key -> new Change(key.id(), Optional.ofNullable(seen.renewed().get(key.id()))))
        .filter(change -> change.hash().isPresent())
        .filter(
            change -> !change.hash().equals(seen.key(change.keyId()).flatMap(EncryptionKey::hash)));
  }

  private boolean isRefused(Change change) {
    String refused = Preflights.refused(seen).get(change.keyId());
    return change.hash().filter(hash -> hash.equals(refused)).isPresent();
  }
}
