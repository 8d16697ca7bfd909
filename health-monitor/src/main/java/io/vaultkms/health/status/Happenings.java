package io.vaultkms.health.status;

import io.vaultkms.health.history.History;
import io.vaultkms.health.status.StatusDerivation.Derived;
import io.vaultkms.model.config.Mode;
import io.vaultkms.model.decision.Step;
import io.vaultkms.model.event.EncryptionSettled;
import io.vaultkms.model.event.Event;
import io.vaultkms.model.event.RemoteKeyRotated;
import io.vaultkms.model.key.EncryptionKey;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What only an onlooker sees happen, and tells once: that everything is as wanted, and that the
 * remote key was rotated.
 */
public record Happenings(String clusterId, String component) {

  /** What is so now and was not told yet. */
  public Stream<Event> of(Derived derived, History history) {
    return Stream.of(rotated(derived), settled(derived))
        .flatMap(Optional::stream)
        .filter(event -> !history.hasTold(event));
  }

  /** A component that never had a bundle was never on its way to anything. */
  private Optional<Event> settled(Derived derived) {
    if (!(derived.step() instanceof Step.Settled settled)) {
      return Optional.empty();
    }
    Optional<EncryptionKey> newest = derived.seen().newestKey();
    return derived
        .seen()
        .bundle()
        .map(
            bundle ->
                new EncryptionSettled(
                    clusterId,
                    component,
                    derived.seen().now(),
                    settled.mode().wire(),
                    settled.writeKey().orElse(0),
                    newest.flatMap(EncryptionKey::hash).orElse(""),
                    bundle.revision(),
                    newest.flatMap(key -> key.migrated().remoteKeyId()).orElse(""),
                    newest.flatMap(key -> key.migrated().at()).orElse(null)));
  }

  /** Every node says the same remote key id, and data was last rewritten with another. */
  private Optional<Event> rotated(Derived derived) {
    Facts facts = new Facts(derived.seen());
    return derived
        .seen()
        .newestKey()
        .filter(key -> key.mode() == Mode.KMS)
        .flatMap(
            key ->
                key.migrated()
                    .remoteKeyId()
                    .flatMap(
                        from ->
                            facts
                                .remoteKey(key.id())
                                .filter(to -> !to.equals(from))
                                .map(
                                    to ->
                                        new RemoteKeyRotated(
                                            clusterId,
                                            component,
                                            derived.seen().now(),
                                            key.id(),
                                            from,
                                            to))));
  }
}
