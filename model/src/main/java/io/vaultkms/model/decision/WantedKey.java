package io.vaultkms.model.decision;

import io.vaultkms.model.config.Mode;
import io.vaultkms.model.decision.Step.Obstacle;
import io.vaultkms.model.key.EncryptionKey;
import java.util.Optional;

/** Whether the wanted configuration asks for a new key, or for another state of the newest one. */
final class WantedKey {
  /** More encrypting keys than this in one bundle, and a new one has to wait. */
  private static final int MOST_BACKED_KEYS = 2;

  private WantedKey() {}

  /** Whether what is wanted is for the remote key that this key is for. */
  static boolean keeps(EncryptionKey key, Wanted wanted) {
    return wanted instanceof Wanted.Remote remote && sameIdentity(key, remote);
  }

  static Optional<Step> mint(Observation seen, Wanted.Valid wanted) {
    return reason(seen, wanted).map(reason -> mint(seen, wanted, reason));
  }

  private static Step mint(Observation seen, Wanted.Valid wanted, String reason) {
    long backed =
        seen.currentBundle().keys().values().stream().filter(key -> key.mode().encrypts()).count();
    if (backed > MOST_BACKED_KEYS) {
      return new Step.Blocked(
          Obstacle.TOO_MANY_KEYS,
          "%d keys are in use, and a new one waits until there are at most %d"
              .formatted(backed, MOST_BACKED_KEYS));
    }
    long id = seen.nextKeyId();
    Step minted = new Step.MintKey(id, wanted.mode(), reason);
    return switch (wanted) {
      case Wanted.Local local -> minted;
      case Wanted.Remote remote -> Preflights.pass(seen, id, remote.hash()).orElse(minted);
    };
  }

  /** Whether the key is one that this asks for, in whatever state. */
  static boolean isFor(EncryptionKey key, Wanted.Valid wanted) {
    return switch (wanted) {
      case Wanted.Local local -> key.mode() == local.mode();
      case Wanted.Remote remote -> sameIdentity(key, remote);
    };
  }

  /** Why a new key is needed; empty when none is. */
  private static Optional<String> reason(Observation seen, Wanted.Valid wanted) {
    Optional<EncryptionKey> newest = seen.newestKey();
    if (newest.isEmpty()) {
      return wanted.mode() == Mode.IDENTITY ? Optional.empty() : Optional.of("first-key");
    }
    EncryptionKey key = newest.get();
    if (key.mode() != wanted.mode()) {
      return Optional.of("mode-changed-from-" + key.mode().wire());
    }
    return switch (wanted) {
      case Wanted.Local local -> aged(seen, key);
      case Wanted.Remote remote ->
          sameIdentity(key, remote) ? Optional.empty() : Optional.of("kms-key-changed");
    };
  }

  /** Keys that live in the cluster are replaced a while after data was last migrated to them. */
  private static Optional<String> aged(Observation seen, EncryptionKey key) {
    return key.migrated()
        .at()
        .filter(at -> key.mode().encrypts())
        .filter(at -> at.plus(seen.limits().localKeyLife()).isBefore(seen.now()))
        .map(at -> "rotation-interval-has-passed");
  }

  private static boolean sameIdentity(EncryptionKey key, Wanted.Remote remote) {
    return key.kms()
        .map(provider -> provider.keyIdentity().equals(remote.provider().keyIdentity()))
        .orElse(false);
  }

  /** An observer that may not read the contents compares what it can read. */
  static boolean differs(EncryptionKey key, Wanted.Remote remote) {
    boolean fieldsDiffer =
        key.kms()
            .map(provider -> !provider.fields().equals(remote.provider().fields()))
            .orElse(true);
    return remote.hash().isPresent() ? !remote.hash().equals(key.hash()) : fieldsDiffer;
  }
}
