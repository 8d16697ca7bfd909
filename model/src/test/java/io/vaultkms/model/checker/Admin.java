package io.vaultkms.model.checker;

import io.vaultkms.model.checker.Plot.Fault;
import io.vaultkms.model.config.Mode;

/**
 * The people around the cluster: the admin, who runs Vault, who deletes what is not theirs; and
 * time, which passes for all of them.
 */
final class Admin {
  private final Plot plot;
  private final Bundles bundles;
  private final Deployer deployer;

  Admin(Plot plot, Bundles bundles, Deployer deployer) {
    this.plot = plot;
    this.bundles = bundles;
    this.deployer = deployer;
  }

  void moves(Scene scene, Moves moves) {
    changeMind(scene, moves);
    credentials(scene, moves);
    keySecrets(scene, moves);
    bundle(scene, moves);
    rotate(scene, moves);
    time(scene, moves);
  }

  /** Not the admin's: but nobody else's either. */
  private void time(Scene scene, Moves moves) {
    boolean waited = false;
    for (Node node : scene.nodes) {
      waited |= node.joined && !node.reported;
    }
    if (plot.clock() && waited && !scene.stalled && scene.bundle != 0 && !scene.bundleDeleted) {
      Scene next = scene.copy();
      next.stalled = true;
      moves.add(true, next, () -> "no node moves on for ten minutes");
    }
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
      moves.add(false, next, () -> "somebody deletes the newest bundle");
    }
  }

  private void changeMind(Scene scene, Moves moves) {
    if (scene.changesLeft == 0) {
      return;
    }
    for (Wish wish : plot.wishes()) {
      if (wish != scene.wanted) {
        Scene next = scene.copy();
        next.wanted = wish;
        next.newCredentials =
            wish.mode() == Mode.KMS ? wish.hasNewCredentials() : scene.newCredentials;
        next.changesLeft--;
        moves.add(false, next, () -> "the admin wants " + wish);
      }
    }
    if (scene.wanted.mode() != Mode.KMS && !scene.newCredentials && speaksOfNewCredentials()) {
      Scene next = scene.copy();
      next.newCredentials = true;
      next.changesLeft--;
      moves.add(false, next, () -> "the admin writes the new credentials, and wants no other key");
    }
  }

  private boolean speaksOfNewCredentials() {
    return plot.wishes().stream().anyMatch(Wish::hasNewCredentials);
  }

  /** What Vault does to them, and what it does not have to undo: the rest has to be enough. */
  private void credentials(Scene scene, Moves moves) {
    if (!scene.revoked && mayBe(scene, Fault.CREDENTIALS_REVOKED)) {
      Scene next = scene.copy();
      next.revoked = true;
      next.faultsLeft--;
      moves.add(false, next, () -> "Vault no longer takes the old credentials");
    }
    if (scene.revoked && !scene.newCredentials && !withdrawnByWish(scene)) {
      Scene next = scene.copy();
      next.revoked = false;
      moves.add(true, next, () -> "Vault takes the old credentials again");
    }
    if (!scene.lacking && mayBe(scene, Fault.CREDENTIALS_LACK_A)) {
      Scene next = scene.copy();
      next.lacking = true;
      next.faultsLeft--;
      moves.add(false, next, () -> "Vault refuses the key of A to the new credentials");
    }
    if (scene.lacking && (scene.revoked || newCredentialsNeedA(scene))) {
      Scene next = scene.copy();
      next.lacking = false;
      moves.add(true, next, () -> "Vault grants the key of A to the new credentials");
    }
  }

  private boolean mayBe(Scene scene, Fault fault) {
    return scene.faultsLeft > 0 && plot.kinds().contains(fault);
  }

  private boolean newCredentialsNeedA(Scene scene) {
    return scene.wanted == Wish.A_MENDED
        || bundles.of(scene.bundle).wishes().containsValue(Wish.A_MENDED)
        || scene
            .key(scene.newestKey(bundles))
            .filter(key -> key.wish() == Wish.A_MENDED)
            .isPresent();
  }

  /** The admin does not want the key on its way any more, and that has to be enough too. */
  private boolean withdrawnByWish(Scene scene) {
    int highest = scene.highestKey();
    return plot.clock()
        && scene.wanted == Wish.PLAIN
        && scene.key(highest).filter(key -> key.wish().hasOldCredentials()).isPresent()
        && bundles.of(scene.bundle).writeKey() < highest
        && bundles.of(scene.bundle).wishes().entrySet().stream()
            .noneMatch(entry -> entry.getKey() != highest && entry.getValue().hasOldCredentials());
  }

  private void keySecrets(Scene scene, Moves moves) {
    boolean mayDelete = scene.faultsLeft > 0 && plot.kinds().contains(Fault.KEY_SECRET_DELETED);
    for (int id = 1; id <= Scene.MOST_KEYS; id++) {
      int number = id;
      Scene.Key key = scene.keys[id - 1];
      if (key != null && key.present() && mayDelete) {
        Scene next = scene.copy();
        next.keys[id - 1] = key.withPresent(false);
        deployer.contentChanged(next, id);
        next.faultsLeft--;
        moves.add(false, next, () -> "somebody deletes the Secret of key " + number);
      }
    }
  }

  private void rotate(Scene scene, Moves moves) {
    int newest = scene.newestKey(bundles);
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
