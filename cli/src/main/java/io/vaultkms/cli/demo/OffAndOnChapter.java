package io.vaultkms.cli.demo;

import io.vaultkms.lab.world.WantedDocument;
import io.vaultkms.model.event.EncryptionSettled;
import io.vaultkms.model.event.PreflightSucceeded;

/** Back to plaintext, and to the same key in Vault again. */
final class OffAndOnChapter implements Chapter {
  private static final String IDENTITY = "identity";

  @Override
  public String name() {
    return "off-and-on";
  }

  @Override
  public String title() {
    return "back to plaintext, and to the same key in Vault again";
  }

  @Override
  public void play(Scene scene) throws InterruptedException {
    WantedDocument before = scene.world().applied();
    int off = scene.follower().mark();
    scene.screen().line("asking for no encryption");
    scene.world().apply(before.withType(IDENTITY));
    scene.await(
        off,
        EncryptionSettled.class,
        settled -> settled.mode().equals(IDENTITY),
        "everything is settled in plaintext");
    scene.proof().tell();
    scene.proof().everythingIsPlain();
    scene.showPlugins();
    int on = scene.follower().mark();
    scene.screen().line("asking for the same key in Vault again");
    scene.world().apply(before);
    scene.await(on, PreflightSucceeded.class, _ -> true, "preflight has passed once more");
    long key = scene.awaitSettled(on).keyId();
    scene.proof().tell();
    scene.proof().everythingIsUnder(key);
    scene.showPlugins();
  }
}
