package io.vaultkms.deployer;

import io.vaultkms.deployer.contract.Restored;
import io.vaultkms.model.decision.Observation;
import io.vaultkms.model.event.KeyCreated;
import io.vaultkms.model.event.KeyRetired;
import io.vaultkms.model.event.SecretRestored;
import io.vaultkms.model.key.EncryptionKey;
import io.vaultkms.model.key.EncryptionKey.Mark;
import io.vaultkms.platform.cluster.Contract;
import java.time.Clock;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongFunction;

/** The keys' part of the story: that they come, are lost and found, and go. For one thread. */
final class KeyStory {
  private final String clusterId;
  private final String component;
  private final LongFunction<String> reasons;
  private final LongFunction<Optional<Restored>> restored;
  private final Once once;
  private final Clock clock;
  private final Set<Long> created = new HashSet<>();
  private final Set<Long> found = new HashSet<>();

  /**
   * @param reasons why a key was minted
   * @param restored when the Secret of a key was made anew
   */
  KeyStory(
      String clusterId,
      String component,
      LongFunction<String> reasons,
      LongFunction<Optional<Restored>> restored,
      Once once,
      Clock clock) {
    this.clusterId = clusterId;
    this.component = component;
    this.reasons = reasons;
    this.restored = restored;
    this.once = once;
    this.clock = clock;
  }

  void tell(Observation seen) {
    seen.newestKey().filter(key -> !created.contains(key.id())).ifPresent(this::created);
    Set<Long> now = new HashSet<>();
    for (EncryptionKey key : seen.keys()) {
      if (key.is(Mark.RESTORED)) {
        now.add(key.id());
      }
    }
    // One that is lost a second time is asked about a second time.
    found.retainAll(now);
    now.removeAll(found);
    now.forEach(this::found);
    found.addAll(now);
  }

  private void created(EncryptionKey key) {
    once.tell(
        new KeyCreated(
            clusterId,
            component,
            clock.instant(),
            key.id(),
            key.mode().wire(),
            reasons.apply(key.id()),
            key.hash().orElse("")));
    created.add(key.id());
  }

  private void found(long keyId) {
    restored
        .apply(keyId)
        .ifPresent(
            what ->
                once.tell(
                    new SecretRestored(
                        clusterId,
                        component,
                        what.time(),
                        Contract.keySecret(component, keyId),
                        what.source())));
  }

  /**
   * Every API server has the newest bundle: what is not in it no API server has.
   *
   * @param since when the last of them had it
   */
  void retired(Observation seen, Instant since) {
    long writeKey = seen.currentBundle().newestWriteKey();
    for (EncryptionKey key : seen.keys()) {
      boolean gone = !seen.currentBundle().keys().containsKey(key.id());
      if (gone && (key.id() < writeKey || seen.isWithdrawn(key))) {
        retired(key.id(), since, hasWritten(key) ? KeyRetired.RETIRED : KeyRetired.WITHDRAWN);
      }
    }
  }

  /** The mark may have come too late; a key that wrote was not retired before it had everything. */
  private static boolean hasWritten(EncryptionKey key) {
    return !key.is(Mark.WITHDRAWN) || !key.migrated().resources().isEmpty();
  }

  void pruned(long keyId) {
    retired(keyId, clock.instant(), KeyRetired.PRUNED);
  }

  private void retired(long keyId, Instant time, String how) {
    once.tell(new KeyRetired(clusterId, component, time, keyId, how));
  }
}
