package io.vaultkms.cli.demo;

import io.vaultkms.lab.world.World;

/** From plaintext to encrypted. */
final class EnableChapter implements Chapter {
  @Override
  public String name() {
    return "enable";
  }

  @Override
  public String title() {
    return "from plaintext to encrypted with a key in Vault";
  }

  @Override
  public void play(Scene scene) throws InterruptedException {
    int mark = scene.follower().mark();
    scene
        .screen()
        .line("asking for encryption with %s/keys/%s in Vault", World.KEY_MOUNT, World.KEY_NAME);
    scene.world().apply(scene.world().wanted());
    long key = scene.awaitSettled(mark).keyId();
    scene.proof().everythingIsUnder(key);
  }
}
