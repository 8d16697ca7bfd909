package io.vaultkms.model.decision;

import io.vaultkms.model.decision.Step.Adopt;
import io.vaultkms.model.decision.Step.Kept;
import io.vaultkms.model.decision.Step.Obstacle;
import io.vaultkms.model.decision.Step.Restore;
import io.vaultkms.model.key.EncryptionKey;
import java.util.Optional;

/**
 * What has to be there before anything else may be decided on, and is not: Secrets that others
 * wrote are taken over, Secrets that somebody deleted are made anew. Nothing that is lost is ever
 * guessed: what cannot be made anew from what is there needs a person.
 */
final class Losses {
  private final Observation seen;

  Losses(Observation seen) {
    this.seen = seen;
  }

  /** The keys first: their Secrets are there whether or not the bundle has them. */
  Optional<Step> foreign() {
    Optional<Step> adoption =
        seen.keys().stream()
            .filter(EncryptionKey::isForeign)
            .findFirst()
            .<Step>map(key -> new Adopt(Kept.KEY, key.id()))
            .or(
                () ->
                    seen.salvage().foreignBundle()
                        ? Optional.of(new Adopt(Kept.BUNDLE, 0))
                        : Optional.empty());
    return adoption.map(
        step ->
            seen.salvage()
                .refusal()
                .<Step>map(why -> new Step.Blocked(Obstacle.NOT_TAKEN_OVER, why))
                .orElse(step));
  }

  /**
   * There is no bundle any more, and there was one: API servers may still have it. One made anew
   * out of the keys would make plaintext the writer and leave out the older keys that data may
   * still be under; its newest copy is what went out last, or what was about to.
   */
  Optional<Step> bundle() {
    if (seen.bundle().isPresent()) {
      return Optional.empty();
    }
    if (seen.salvage().newestCopy().isPresent()) {
      return Optional.of(new Restore(Kept.BUNDLE, seen.salvage().newestCopy().getAsLong()));
    }
    boolean applied =
        seen.reports().values().stream()
            .anyMatch(
                report -> Math.max(report.observedRevision(), report.convergedRevision()) > 0);
    boolean migrated = seen.keys().stream().anyMatch(key -> !key.migrated().resources().isEmpty());
    return applied || migrated
        ? Optional.of(
            new Step.Blocked(
                Obstacle.BUNDLE_MISSING,
                "Secret encryption-config-%s is not there any more: it has to be restored from its newest revision"
                    .formatted(seen.component().name())))
        : Optional.empty();
  }

  /**
   * A key of the bundle has no Secret any more: its bundle still works, but nothing may build on
   * it.
   */
  Optional<Step> key() {
    return seen.currentBundle().keys().keySet().stream()
        .filter(id -> seen.key(id).isEmpty())
        .findFirst()
        .map(
            id ->
                seen.salvage().keys().contains(id)
                    ? new Restore(Kept.KEY, id)
                    : new Step.Blocked(
                        Obstacle.KEY_MISSING,
                        "key Secret encryption-key-%s-%d is in use and is not there any more"
                            .formatted(seen.component().name(), id)));
  }

  /** What the next loss of the bundle would be made good from. */
  Optional<Step> copy() {
    return seen.bundle()
        .filter(bundle -> seen.salvage().copyLost())
        .map(bundle -> new Restore(Kept.COPY, bundle.revision()));
  }
}
