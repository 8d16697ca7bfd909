package io.vaultkms.deployer;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.core.instrument.MeterRegistry;
import io.vaultkms.deployer.contract.BundleSecrets;
import io.vaultkms.deployer.contract.ForeignSecrets;
import io.vaultkms.deployer.contract.KeySecrets;
import io.vaultkms.deployer.contract.LostSecrets;
import io.vaultkms.deployer.contract.PreflightRequests;
import io.vaultkms.deployer.rollout.RolloutWay;
import io.vaultkms.model.config.Mode;
import io.vaultkms.model.decision.Decision;
import io.vaultkms.model.decision.Observation;
import io.vaultkms.model.decision.PreflightRequest;
import io.vaultkms.model.decision.Preflights;
import io.vaultkms.model.decision.Step;
import io.vaultkms.model.decision.Wanted;
import io.vaultkms.model.key.EncryptionKey;
import io.vaultkms.platform.cluster.Observer;
import io.vaultkms.platform.cluster.WantedReader;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks, asks the decision, and does what is the deployer's: one act a look, each with a
 * precondition on what was seen. What was done is told at the next look, when it is a fact on the
 * cluster, so that a crash between the act and the telling loses nothing.
 */
final class Deployer {
  private static final Logger LOG = LoggerFactory.getLogger(Deployer.class);
  private static final Duration AT_ONCE = Duration.ZERO;
  private static final Duration SOON = Duration.ofMillis(200);

  /** How soon to look again while others are waited for: their silence wakes nobody. */
  private static final Duration WAITING = Duration.ofSeconds(15);

  private static final Duration LATER = Duration.ofDays(1);
  private static final int CONFLICT = 409;

  /** More in a row are no coincidence: somebody goes on changing what this one goes by. */
  private static final int MOST_LOST_RACES = 4;

  private final String component;
  private final WantedReader wanted;
  private final Observer observer;
  private final KeySecrets keys;
  private final BundleSecrets bundles;
  private final LostSecrets lost;
  private final ForeignSecrets foreign;
  private final PreflightRequests preflights;
  private final RolloutWay way;
  private final Story story;
  private final MeterRegistry metrics;
  private final Clock clock;
  private int lostRaces;

  Deployer(
      String component,
      WantedReader wanted,
      Observer observer,
      KeySecrets keys,
      BundleSecrets bundles,
      LostSecrets lost,
      ForeignSecrets foreign,
      PreflightRequests preflights,
      RolloutWay way,
      Story story,
      MeterRegistry metrics,
      Clock clock) {
    this.component = component;
    this.wanted = wanted;
    this.observer = observer;
    this.keys = keys;
    this.bundles = bundles;
    this.lost = lost;
    this.foreign = foreign;
    this.preflights = preflights;
    this.way = way;
    this.story = story;
    this.metrics = metrics;
    this.clock = clock;
  }

  /**
   * One look and at most one act.
   *
   * @throws IllegalStateException when it came too late, as those before it did
   */
  Duration look() throws IOException, InterruptedException {
    WantedReader.Document document = wanted.readWithContents();
    Optional<BundleSecrets.Stored> stored = bundles.newest();
    Observation seen = observer.observe(document);
    if (!stored.map(BundleSecrets.Stored::revision).equals(seen.bundle().map(b -> b.revision()))) {
      return overtaken("the newest bundle has changed while the rest was looked at");
    }
    Materials materials = new Materials(document, wanted.contents(seen));
    seen = materials.complete(seen).withSalvage(lost.find(seen));
    story.tell(seen, stored);
    Step step = Decision.next(seen);
    LOG.debug("next is {}", step);
    try {
      way.follow(stored, seen.preflight());
      Duration pause = act(step, seen, materials, stored);
      lostRaces = 0;
      return pause;
    } catch (KubernetesClientException e) {
      if (e.getCode() != CONFLICT) {
        throw e;
      }
      return overtaken("%s came too late: %s".formatted(step.getClass().getSimpleName(), words(e)));
    }
  }

  /** What the cluster says conflicts, and not how it was asked. */
  private static String words(KubernetesClientException e) {
    return String.valueOf(e.getStatus() == null ? e.getMessage() : e.getStatus().getMessage());
  }

  /** Somebody was faster, as may happen now and then. */
  private Duration overtaken(String why) {
    lostRaces++;
    if (lostRaces > MOST_LOST_RACES) {
      throw new IllegalStateException(
          "%d looks in a row were overtaken, by a second deployer, say; the last one: %s"
              .formatted(lostRaces, why));
    }
    LOG.info("{}", why);
    return SOON;
  }

  private Duration act(
      Step step, Observation seen, Materials materials, Optional<BundleSecrets.Stored> stored)
      throws IOException, InterruptedException {
    return switch (step) {
      case Step.Preflight(long keyId, String hash) -> {
        preflights.ask(keyId, materials.of(seen, keyId, hash), Preflights.refused(seen));
        yield did(
            step, "asked every node to try configuration %s for key %d".formatted(hash, keyId));
      }
      case Step.MintKey(long keyId, Mode mode, String reason) -> {
        keys.mint(keyId, mode, reason, materials.wanted(mode));
        yield did(step, "minted key %d of mode %s: %s".formatted(keyId, mode.wire(), reason));
      }
      case Step.UpdateKey(long keyId, String hash) -> {
        keys.update(
            keyId, materials.of(seen, keyId, hash), seen.key(keyId).flatMap(EncryptionKey::hash));
        yield did(step, "updated key %d in place to configuration %s".formatted(keyId, hash));
      }
      case Step.RollOut rollOut -> {
        long revision = bundles.rollOut(rollOut, seen.nextKeyId() - 1, stored, clock.instant());
        yield did(
            step,
            "rolled out revision %d: %s of key %d"
                .formatted(revision, rollOut.purpose(), rollOut.keyId()));
      }
      case Step.WithdrawKey(long keyId, String reason) -> {
        keys.withdraw(keyId, clock.instant());
        yield did(step, "withdrew key %d: %s".formatted(keyId, reason));
      }
      case Step.Restore restore -> restore(restore, stored);
      case Step.Adopt adopt -> adopt(adopt, seen);
      case Step.PruneKeys prune -> {
        prune.keyIds().forEach(this::prune);
        yield did(step, "pruned keys " + prune.keyIds());
      }
      case Step.Await _, Step.Blocked _, Step.Migrate _ -> {
        endPreflight(step, seen);
        yield WAITING;
      }
      case Step.Refuse _, Step.Settled _ -> {
        endPreflight(step, seen);
        yield LATER;
      }
    };
  }

  private Duration restore(Step.Restore step, Optional<BundleSecrets.Stored> stored) {
    long number = step.number();
    return switch (step.what()) {
      case KEY -> {
        lost.restoreKey(number, stored.orElseThrow(), clock.instant());
        yield did(step, "made the Secret of key %d anew from the bundle".formatted(number));
      }
      case BUNDLE -> {
        lost.restoreBundle(number, clock.instant());
        yield did(step, "made the newest bundle anew from revision " + number);
      }
      case COPY -> {
        lost.restoreCopy(stored.orElseThrow());
        yield did(step, "made the copy of revision %d anew".formatted(number));
      }
    };
  }

  private Duration adopt(Step.Adopt step, Observation seen)
      throws IOException, InterruptedException {
    return switch (step.what()) {
      case KEY -> {
        foreign.adoptKey(step.number());
        yield did(step, "took over key " + step.number());
      }
      case BUNDLE -> {
        foreign.adoptBundle(seen.nextKeyId() - 1, clock.instant());
        yield did(step, "took over the bundle that others wrote");
      }
      case COPY -> throw new IllegalStateException("copies are nobody's to take over");
    };
  }

  /** While it is deleted and not released, that it is can be told, and told again. */
  private void prune(long keyId) {
    keys.delete(keyId);
    story.pruned(keyId);
    keys.release(keyId);
  }

  private Duration did(Step step, String what) {
    LOG.info("{}", what);
    metrics
        .counter(
            "vaultkms.deployer.steps",
            "component",
            component,
            "step",
            step.getClass().getSimpleName())
        .increment();
    return AT_ONCE;
  }

  /**
   * A request that nobody waits for any more goes, so that its plugins stop and its verdict ends.
   */
  private void endPreflight(Step step, Observation seen) {
    boolean waitedFor =
        switch (step) {
          case Step.Await await -> await.what() == Step.Awaited.PREFLIGHT;
          case Step.Blocked blocked ->
              blocked.obstacle() == Step.Obstacle.PREFLIGHT_FAILED
                  || blocked.obstacle() == Step.Obstacle.PREFLIGHT_STALLED;
          case Step.Refuse _,
              Step.Settled _,
              Step.Migrate _,
              Step.Preflight _,
              Step.MintKey _,
              Step.UpdateKey _,
              Step.RollOut _,
              Step.WithdrawKey _,
              Step.Restore _,
              Step.Adopt _,
              Step.PruneKeys _ ->
              false;
        };
    boolean underWay = seen.preflight().filter(request -> isOpen(seen, request)).isPresent();
    boolean served =
        seen.preflight()
            .map(
                request ->
                    seen.key(request.keyId())
                        .flatMap(key -> key.hash())
                        .filter(request.hash()::equals)
                        .isPresent())
            .orElse(false);
    if (seen.preflight().isPresent() && (served || !waitedFor && !underWay)) {
      preflights.withdraw();
      LOG.info("the preflight of configuration {} is over", seen.preflight().get().hash());
    }
  }

  /** Whether it is for what is wanted, or for what its key refers to, as that is now. */
  private static boolean isOpen(Observation seen, PreflightRequest request) {
    boolean forWanted =
        seen.wanted() instanceof Wanted.Remote remote
            && remote.hash().equals(Optional.of(request.hash()));
    return forWanted || request.hash().equals(seen.renewed().get(request.keyId()));
  }
}
