package io.vaultkms.cli.demo;

import io.vaultkms.lab.vault.VaultPolicy;
import io.vaultkms.lab.world.World;
import io.vaultkms.model.decision.Step.Purpose;
import io.vaultkms.model.event.KeyCreated;
import io.vaultkms.model.event.RevisionConverged;

/** Another key in Vault: both plugins serve until everything is under the new one. */
final class MoveKeyChapter implements Chapter {
  private static final String OTHER_NAME = "kubernetes-2";

  @Override
  public String name() {
    return "move-key";
  }

  @Override
  public String title() {
    return "everything moves to another key in Vault";
  }

  @Override
  public void play(Scene scene) throws InterruptedException {
    World world = scene.world();
    String path = World.KEY_MOUNT + "/keys/" + OTHER_NAME;
    world.vault().createTransitKey("", World.KEY_MOUNT, OTHER_NAME);
    world
        .vault()
        .setPolicy(
            world.roleId(),
            VaultPolicy.forPlugin(World.KEY_MOUNT + "/keys/" + World.KEY_NAME, path));
    int mark = scene.follower().mark();
    scene.screen().line("asking for %s instead", path);
    scene.world().apply(world.wanted().withKeyPath(path));
    long key =
        scene.await(mark, KeyCreated.class, _ -> true, "a key is made for the new path").keyId();
    scene.await(
        mark,
        RevisionConverged.class,
        converged -> converged.keyId() == key && converged.purpose() == Purpose.READ_KEY,
        "key %d can be read everywhere".formatted(key));
    scene.showPlugins();
    scene.awaitSettled(mark, key);
    scene.proof().tell();
    scene.proof().everythingIsUnder(key);
    scene
        .screen()
        .line("the key before stays readable for backups: the last one that had everything");
    scene.showPlugins();
  }
}
