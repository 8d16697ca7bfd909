package io.vaultkms.model.decision;

import io.vaultkms.model.bundle.Bundle;
import io.vaultkms.model.bundle.ResourceKeys;
import io.vaultkms.model.config.Mode;
import io.vaultkms.model.decision.Step.Migrate;
import io.vaultkms.model.decision.Step.MigrationReason;
import io.vaultkms.model.decision.Step.Obstacle;
import io.vaultkms.model.decision.Step.Purpose;
import io.vaultkms.model.key.EncryptionKey;
import io.vaultkms.model.key.EncryptionKey.Mark;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The one decision that all services share.
 *
 * <pre>
 *            wanted differs from the newest key
 *                          │
 *   Preflight ─► MintKey ──┤
 *                          ▼
 *            RollOut(READ_KEY) ─► RollOut(WRITE_KEY) ─► Migrate ─► RollOut(RETIRE) ─► PruneKeys ─► Settled
 *                          ▲
 *   Preflight ─► UpdateKey ┴► RollOut(IN_PLACE)
 * </pre>
 *
 * Between any two of them every API server must have converged on the newest bundle. The order of
 * the questions below is the order of the rules: what has been begun is finished before anything
 * else is begun, and a key goes only when nothing can be stored under it any more. Before anything
 * else comes what is foreign or lost ({@link Losses}). Two ways past the wait for convergence are
 * left open: a bundle with a key that cannot work may be mended in place ({@link InPlace}), and a
 * read key that does not get everywhere and is not wanted any more may be withdrawn ({@link
 * Withdrawal}).
 */
public final class Decision {
  private final Observation seen;
  private final Bundle current;
  private final SortedSet<String> resources;

  private Decision(Observation seen) {
    this.seen = seen;
    this.current = seen.currentBundle();
    this.resources = seen.component().resources();
  }

  /** What comes next. Pure: the same observation always gives the same step. */
  public static Step next(Observation seen) {
    Decision decision = new Decision(seen);
    Losses losses = new Losses(seen);
    Withdrawal withdrawal = new Withdrawal(seen);
    return Stream.<Supplier<Optional<Step>>>of(
            losses::foreign,
            losses::bundle,
            losses::key,
            losses::copy,
            withdrawal::takenOut,
            decision::mendedContent,
            withdrawal::begun,
            decision::mendUnconverged,
            decision::convergence,
            decision::mend,
            decision::readKey,
            decision::writeKey,
            decision::migration,
            decision::retirement,
            decision::inPlace,
            decision::newKey,
            decision::pruning)
        .map(Supplier::get)
        .flatMap(Optional::stream)
        .findFirst()
        .orElseGet(decision::settled);
  }

  /**
   * A key Secret changed in place and the bundle does not have it yet. This goes out even while the
   * last bundle has not converged: it may be what keeps it from converging, and it changes neither
   * who writes nor who reads.
   */
  private Optional<Step> mendedContent() {
    Bundle mended = current;
    long changed = 0;
    for (EncryptionKey key : seen.keys()) {
      Bundle.KeyContent old = current.keys().get(key.id());
      if (old != null && key.hash().isPresent() && !old.equals(content(key))) {
        mended = mended.withContent(key.id(), content(key));
        changed = key.id();
      }
    }
    return changed == 0
        ? Optional.empty()
        : Optional.of(new Step.RollOut(mended, Purpose.IN_PLACE, changed));
  }

  /** A plugin keeps API servers waiting, and the admin mended what it needs. */
  private Optional<Step> mendUnconverged() {
    return convergence().isEmpty() ? Optional.empty() : mend();
  }

  private Optional<Step> convergence() {
    return Convergence.missing(seen);
  }

  /** A change in place is begun at once; while it waits for its verdict the rest goes on. */
  private Optional<Step> mend() {
    return inPlace().filter(step -> step.actor() != Step.Actor.NOBODY);
  }

  private Optional<Step> inPlace() {
    return new InPlace(seen).next();
  }

  private Optional<Step> readKey() {
    return seen.newestKey()
        .filter(key -> anyResource(used -> !used.reads(key.id())))
        .map(
            key ->
                new Step.RollOut(
                    current.withReadKey(resources, key.id(), content(key)),
                    Purpose.READ_KEY,
                    key.id()));
  }

  /** Only after every API server has the key as a read key, which is what convergence just said. */
  private Optional<Step> writeKey() {
    return seen.newestKey()
        .filter(key -> anyResource(used -> !used.writes(key.id())))
        .map(
            key ->
                new Step.RollOut(
                    current.withWriteKey(resources, key.id()), Purpose.WRITE_KEY, key.id()));
  }

  private Optional<Step> migration() {
    return seen.newestKey()
        .flatMap(
            key -> {
              if (!key.migratedAll(resources)) {
                SortedSet<String> left = new TreeSet<>(resources);
                left.removeAll(key.migrated().resources());
                return Optional.of(new Migrate(key.id(), left, MigrationReason.NEW_KEY));
              }
              return Rotation.next(seen, key);
            });
  }

  /**
   * Everything is under the newest key: of the older ones only the last fully migrated one stays,
   * for backups, and what writes a resource that the component had once, since nothing migrates
   * that any more.
   */
  private Optional<Step> retirement() {
    return seen.newestKey()
        .flatMap(
            newest -> {
              SortedSet<Long> kept = new TreeSet<>();
              kept.add(newest.id());
              lastMigratedBefore(newest.id()).ifPresent(kept::add);
              current.resources().values().forEach(used -> used.writeKey().ifPresent(kept::add));
              return kept.containsAll(current.keys().keySet())
                  ? Optional.empty()
                  : Optional.of(
                      new Step.RollOut(current.keeping(kept), Purpose.RETIRE, newest.id()));
            });
  }

  /**
   * One of which nobody knows any more what was migrated to it once was the newest, and had all.
   */
  private OptionalLong lastMigratedBefore(long newest) {
    return seen.keys().stream()
        .filter(key -> key.id() < newest)
        .filter(key -> key.migratedAll(resources) || key.is(Mark.RESTORED))
        .filter(key -> current.keys().containsKey(key.id()))
        .mapToLong(EncryptionKey::id)
        .max();
  }

  private Optional<Step> newKey() {
    return switch (seen.wanted()) {
      case Wanted.Absent _ -> absent();
      case Wanted.Invalid invalid -> Optional.of(new Step.Refuse(invalid.violations()));
      case Wanted.Incomplete incomplete -> Optional.of(Preflights.incomplete(incomplete));
      case Wanted.Valid valid -> WantedKey.mint(seen, valid);
    };
  }

  /** Data that is encrypted is never decrypted because a document is missing. */
  private Optional<Step> absent() {
    return seen.newestKey()
        .filter(key -> key.mode().encrypts())
        .map(
            key ->
                new Step.Blocked(
                    Obstacle.CONFIGURATION_MISSING,
                    "the APIServer object 'cluster' is not there, and data is encrypted with key %d:"
                            .formatted(key.id())
                        + " restore it, or ask for type identity to switch encryption off"));
  }

  private Optional<Step> pruning() {
    SortedSet<Long> prunable = Pruning.prunable(seen);
    return prunable.isEmpty() ? Optional.empty() : Optional.of(new Step.PruneKeys(prunable));
  }

  private Step settled() {
    Optional<EncryptionKey> newest = seen.newestKey();
    return new Step.Settled(
        newest.map(EncryptionKey::mode).orElse(Mode.IDENTITY),
        newest.map(key -> OptionalLong.of(key.id())).orElse(OptionalLong.empty()));
  }

  private boolean anyResource(Predicate<ResourceKeys> condition) {
    return resources.stream().map(current::of).anyMatch(condition);
  }

  private static Bundle.KeyContent content(EncryptionKey key) {
    return new Bundle.KeyContent(key.mode(), key.hash());
  }
}
