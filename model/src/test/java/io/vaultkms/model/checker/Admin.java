package io.vaultkms.model.checker;

import io.vaultkms.model.checker.Plot.Fault;
import io.vaultkms.model.config.Mode;
import io.vaultkms.model.decision.Step;

/** The people around the cluster: the admin, who runs Vault, and who deletes what is not theirs. */
final class Admin {
  private final Plot plot;
  private final Bundles bundles;
  private final Oracle oracle;
  private final Deployer deployer;

  Admin(Plot plot, Bundles bundles, Oracle oracle, Deployer deployer) {
    this.deployer = deployer;
    this.plot = plot;
    this.bundles = bundles;
    this.oracle = oracle;
  }

  void moves(Scene scene, Moves moves) {
    changeMind(scene, moves);
    credentials(scene, moves);
    keySecrets(scene, moves);
    bundle(scene, moves);
    rotate(scene, moves);
  }

  private void bundle(Scene scene, Moves moves) {
    if (scene.bundle == 0) {
      return;
    }
    if (!scene.bundleDeleted
        && scene.faultsLeft > 0
        && plot.kinds().contains(Fault.BUNDLE_DELETED)) {
      Scene next = scene.copy();
      next.bundleDeleted = true;
      next.faultsLeft--;
      deployer.drop(next, step -> step instanceof Step.RollOut);
      moves.add(false, next, () -> "somebody deletes the newest bundle");
    }
    if (scene.bundleDeleted && blockedBy(scene, Step.Obstacle.BUNDLE_MISSING)) {
      Scene next = scene.copy();
      next.bundleDeleted = false;
      moves.add(true, next, () -> "the admin restores the newest bundle");
    }
  }

  private boolean blockedBy(Scene scene, Step.Obstacle what) {
    return oracle.next(scene).step() instanceof Step.Blocked(Step.Obstacle obstacle, String message)
        && obstacle == what;
  }

  private void changeMind(Scene scene, Moves moves) {
    if (scene.changesLeft == 0) {
      return;
    }
    for (Wish wish : plot.wishes()) {
      if (wish != scene.wanted) {
        Scene next = scene.copy();
        next.wanted = wish;
        next.changesLeft--;
        moves.add(false, next, () -> "the admin wants " + wish);
      }
    }
  }

  private void credentials(Scene scene, Moves moves) {
    if (!scene.revoked
        && scene.faultsLeft > 0
        && plot.kinds().contains(Fault.CREDENTIALS_REVOKED)) {
      Scene next = scene.copy();
      next.revoked = true;
      next.faultsLeft--;
      moves.add(false, next, () -> "Vault no longer takes the credentials of A");
    }
    if (scene.revoked && !mendedByWish(scene)) {
      Scene next = scene.copy();
      next.revoked = false;
      moves.add(true, next, () -> "Vault takes the credentials of A again");
    }
  }

  /** The admin has written other credentials for the newest key, and that has to be enough. */
  private boolean mendedByWish(Scene scene) {
    int newest = scene.newestKey();
    boolean olderNeedThem =
        bundles.of(scene.bundle).wishes().entrySet().stream()
            .anyMatch(entry -> entry.getKey() != newest && entry.getValue() == Wish.A);
    return scene.wanted == Wish.A_MENDED
        && scene.key(newest).filter(key -> key.wish() == Wish.A).isPresent()
        && !olderNeedThem;
  }

  private void keySecrets(Scene scene, Moves moves) {
    boolean mayDelete = scene.faultsLeft > 0 && plot.kinds().contains(Fault.KEY_SECRET_DELETED);
    boolean blocked = blockedBy(scene, Step.Obstacle.KEY_MISSING);
    for (int id = 1; id <= Scene.MOST_KEYS; id++) {
      int number = id;
      Scene.Key key = scene.keys[id - 1];
      if (key != null && key.present() && mayDelete) {
        Scene next = scene.copy();
        next.keys[id - 1] = new Scene.Key(key.wish(), key.migrated(), false);
        deployer.contentChanged(next, id);
        next.faultsLeft--;
        moves.add(false, next, () -> "somebody deletes the Secret of key " + number);
      }
      boolean needed = bundles.of(scene.bundle).wishes().containsKey(id);
      if (key != null && !key.present() && blocked && needed) {
        Scene next = scene.copy();
        next.keys[id - 1] = new Scene.Key(key.wish(), key.migrated(), true);
        deployer.nameTaken(next, number);
        moves.add(true, next, () -> "the admin restores the Secret of key " + number);
      }
    }
  }

  private static void rotate(Scene scene, Moves moves) {
    int newest = scene.newestKey();
    if (scene.rotationsLeft == 0
        || scene.rotated
        || scene.key(newest).filter(key -> key.wish().mode() == Mode.KMS).isEmpty()) {
      return;
    }
    Scene next = scene.copy();
    next.rotated = true;
    next.rotationsLeft--;
    int mark = scene.mark(newest);
    next.stale = ((scene.stored[0] & mark) == 0 ? 0 : 1) | ((scene.stored[1] & mark) == 0 ? 0 : 2);
    moves.add(false, next, () -> "the remote key of key %d is rotated in Vault".formatted(newest));
  }
}
