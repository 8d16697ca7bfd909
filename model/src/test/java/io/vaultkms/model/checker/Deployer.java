package io.vaultkms.model.checker;

import io.vaultkms.model.checker.Oracle.Plan;
import io.vaultkms.model.config.Mode;
import io.vaultkms.model.decision.Step;
import java.util.function.Predicate;

/**
 * Plugin-deployers, several at once when one is replaced by another: each looks, decides, and some
 * time later does what it decided, if what it would change is still as it saw it.
 */
final class Deployer {
  private final Plot plot;
  private final Bundles bundles;
  private final Oracle oracle;

  Deployer(Plot plot, Bundles bundles, Oracle oracle) {
    this.plot = plot;
    this.bundles = bundles;
    this.oracle = oracle;
  }

  void moves(Scene scene, Moves moves) {
    look(scene, moves);
    withdraw(scene, moves);
    for (int slot = 0; slot < scene.slots.length; slot++) {
      boolean twice = slot > 0 && scene.slots[slot] == scene.slots[slot - 1];
      if (scene.slots[slot] != 0 && !twice) {
        act(scene, slot, moves);
      }
    }
  }

  private void look(Scene scene, Moves moves) {
    int free = scene.slots[0] == 0 ? 0 : 1;
    boolean busy = scene.slots[scene.slots.length - plot.deployers()] != 0;
    Plan plan = oracle.next(scene);
    if (busy || plan.step().actor() != Step.Actor.PLUGIN_DEPLOYER) {
      return;
    }
    Scene next = scene.copy();
    next.slots[free] = oracle.number(plan);
    next.misdeed = unproved(scene, plan);
    moves.add(true, next, () -> "a deployer decides: " + words(plan));
  }

  /** Rule 6: every node has tried exactly this configuration, for exactly this key. */
  private static String unproved(Scene scene, Plan plan) {
    return switch (plan.step()) {
      case Step.MintKey(long id, Mode mode, String reason) when mode == Mode.KMS ->
          unproved(scene, (int) id, plan.wish());
      case Step.UpdateKey(long id, String hash) when isSameKey(scene, (int) id, hash) ->
          unproved(scene, (int) id, Wish.ofHash(hash));
      default -> null;
    };
  }

  /** What makes a number another key is worse, and told as that. */
  private static boolean isSameKey(Scene scene, int id, String hash) {
    return scene
        .key(id)
        .filter(key -> key.wish().remoteKeyNumber() == Wish.ofHash(hash).remoteKeyNumber())
        .isPresent();
  }

  private static String unproved(Scene scene, int id, Wish wish) {
    boolean proved = scene.requestKey == id && scene.requestWish == wish;
    for (Node node : scene.nodes) {
      proved &= !node.joined || node.verdict == Node.Verdict.PASSED;
    }
    return proved ? null : "key %d is made %s, which not every node has tried".formatted(id, wish);
  }

  /** A request that nobody waits for any more goes, and with it the candidate plugins. */
  private void withdraw(Scene scene, Moves moves) {
    Step step = oracle.next(scene).step();
    boolean waitedFor =
        step instanceof Step.Await(Step.Awaited what, var waiting) && what == Step.Awaited.PREFLIGHT
            || step instanceof Step.Blocked(Step.Obstacle obstacle, String message)
                && obstacle == Step.Obstacle.PREFLIGHT_FAILED;
    boolean served =
        scene.key(scene.requestKey).filter(key -> key.wish() == scene.requestWish).isPresent();
    boolean over = served || !waitedFor && scene.requestWish != scene.wanted && !renews(scene);
    if (scene.requestKey == 0 || step.actor() == Step.Actor.PLUGIN_DEPLOYER || !over) {
      return;
    }
    Scene next = scene.copy();
    ask(next, 0, Wish.PLAIN, 0);
    moves.add(true, next, () -> "a deployer withdraws the preflight of " + scene.requestWish);
  }

  private boolean renews(Scene scene) {
    return bundles.of(scene.bundle).wishes().containsKey(scene.requestKey)
        && scene
            .key(scene.requestKey)
            .filter(key -> key.wish().with(scene.newCredentials) == scene.requestWish)
            .isPresent();
  }

  private void act(Scene scene, int slot, Moves moves) {
    Plan plan = oracle.plan(scene.slots[slot]);
    Scene next = scene.copy();
    next.slots[slot] = 0;
    carryOut(next, plan);
    moves.add(true, next, () -> "the deployer does it: " + words(plan));
  }

  private void carryOut(Scene next, Plan plan) {
    switch (plan.step()) {
      case Step.Preflight(long keyId, String hash) ->
          ask(next, (int) keyId, Wish.ofHash(hash), plan.refused());
      case Step.MintKey(long keyId, Mode mode, String reason) ->
          mint(next, (int) keyId, plan.wish());
      case Step.UpdateKey(long keyId, String hash) -> update(next, (int) keyId, hash);
      case Step.RollOut rollOut -> rollOut(next, rollOut);
      case Step.WithdrawKey(long keyId, String reason) -> withdraw(next, (int) keyId);
      case Step.Restore(Step.Kept what, long number) -> restore(next, what, (int) number);
      case Step.PruneKeys(var ids) -> ids.forEach(id -> next.keys[id.intValue() - 1] = null);
      case Step.Adopt adopt -> throw notMine(plan);
      case Step.Refuse refuse -> throw notMine(plan);
      case Step.Migrate migrate -> throw notMine(plan);
      case Step.Await await -> throw notMine(plan);
      case Step.Blocked blocked -> throw notMine(plan);
      case Step.Settled settled -> throw notMine(plan);
    }
  }

  private static IllegalStateException notMine(Plan plan) {
    return new IllegalStateException("not the deployer's to do: " + plan);
  }

  private void ask(Scene next, int key, Wish wish, int refused) {
    next.requestKey = key;
    next.requestWish = wish;
    next.refused = key == 0 ? 0 : Scene.withoutRefused(refused, key);
    for (int i = 0; i < Scene.NODES; i++) {
      if (next.nodes[i].verdict != Node.Verdict.NONE) {
        next.change(i).verdict = Node.Verdict.NONE;
      }
    }
    drop(next, step -> step instanceof Step.Preflight);
  }

  /** Creating fails when there is one of that name, whatever was seen. */
  private void mint(Scene next, int id, Wish wish) {
    if (next.key(id).isPresent()) {
      return;
    }
    boolean used = (next.written >> id) != 0;
    if (used) {
      next.misdeed =
          "key number %d is given away, and data was written under it or a later one".formatted(id);
    }
    next.keys[id - 1] = Scene.Key.of(wish);
    next.forgetRotation();
    nameTaken(next, id);
    contentChanged(next, id);
  }

  private void update(Scene next, int id, String hash) {
    Scene.Key key = next.keys[id - 1];
    if (key == null || !key.present()) {
      return;
    }
    next.keys[id - 1] = key.withWish(Wish.ofHash(hash));
    contentChanged(next, id);
  }

  /** The note goes on a Secret, and does not fail when the bundle has changed meanwhile. */
  private static void withdraw(Scene next, int id) {
    Scene.Key key = next.keys[id - 1];
    if (key != null && key.present()) {
      next.keys[id - 1] = key.asWithdrawn();
    }
  }

  /** Both are creates, and fail when there is one of that name again. */
  private void restore(Scene next, Step.Kept what, int number) {
    switch (what) {
      case BUNDLE -> next.bundleDeleted = false;
      case KEY -> restoreKey(next, number);
      case COPY -> throw new IllegalStateException("no copy is ever lost here");
    }
  }

  private void restoreKey(Scene next, int id) {
    Wish wish = bundles.of(next.bundle).wishes().get(id);
    if (wish == null || next.bundleDeleted || next.key(id).isPresent()) {
      return;
    }
    next.keys[id - 1] =
        plot.habits().claimsNothing()
            ? Scene.Key.restored(wish, 0)
            : Scene.Key.of(wish).withMigrated(Scene.RESOURCES);
    nameTaken(next, id);
    contentChanged(next, id);
  }

  /** An update is for the contents that were seen, and fails on any others. */
  void contentChanged(Scene next, int id) {
    drop(next, step -> step instanceof Step.UpdateKey(long other, String hash) && other == id);
  }

  /** A name that was free when it was chosen, and has been taken since, is free no more. */
  void nameTaken(Scene next, int id) {
    drop(next, step -> step instanceof Step.MintKey(long other, Mode m, String r) && other == id);
  }

  /**
   * The files are made of the key Secrets as they are now: without one of them there is no file.
   * One that was decided on before the bundle was lost may have got as far as its copy, and then
   * the copy is what is restored.
   */
  private void rollOut(Scene next, Step.RollOut step) {
    if (step.bundle().keys().keySet().stream().anyMatch(id -> next.key(id.intValue()).isEmpty())) {
      return;
    }
    for (long id : step.bundle().keys().keySet()) {
      next.highest = Math.max(next.highest, (int) id);
    }
    next.bundle = bundles.number(step.bundle());
    next.bundleDeleted = false;
    next.stalled = false;
    for (int i = 0; i < Scene.NODES; i++) {
      Node node = next.change(i);
      node.usesNewest = false;
      node.fileNewest = false;
      node.reported = false;
    }
    drop(next, other -> other instanceof Step.RollOut);
  }

  /** Decisions that rest on what has just changed would fail: they are as good as never made. */
  void drop(Scene next, Predicate<Step> stale) {
    for (int slot = 0; slot < next.slots.length && plot.habits().preconditions(); slot++) {
      if (next.slots[slot] != 0 && stale.test(oracle.plan(next.slots[slot]).step())) {
        next.slots[slot] = 0;
      }
    }
  }

  private String words(Plan plan) {
    return switch (plan.step()) {
      case Step.Preflight(long key, String hash) ->
          "have every node try %s as key %d".formatted(Wish.ofHash(hash), key);
      case Step.MintKey(long key, Mode mode, String reason) ->
          "make key %d for %s".formatted(key, plan.wish());
      case Step.UpdateKey(long key, String hash) ->
          "change key %d in place to %s".formatted(key, Wish.ofHash(hash));
      case Step.WithdrawKey(long key, String reason) -> "withdraw key " + key;
      case Step.Restore(Step.Kept what, long number) ->
          what == Step.Kept.KEY
              ? "make the Secret of key %d anew".formatted(number)
              : "restore the newest bundle";
      case Step.RollOut rollOut ->
          "roll out %s: %s"
              .formatted(rollOut.purpose(), bundles.of(bundles.number(rollOut.bundle())).words());
      default -> plan.step().toString();
    };
  }
}
