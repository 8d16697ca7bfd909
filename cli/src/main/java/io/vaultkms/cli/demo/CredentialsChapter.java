package io.vaultkms.cli.demo;

import io.vaultkms.lab.world.World;
import io.vaultkms.model.decision.Step.Purpose;
import io.vaultkms.model.event.EncryptionSettled;
import io.vaultkms.model.event.KeyUpdated;
import io.vaultkms.model.event.RevisionConverged;
import java.util.List;
import java.util.Map;

/**
 * Another secret id, while Vault stops to know the one before and all that it gave: every plugin
 * has to log in anew, that of an older key too.
 */
final class CredentialsChapter implements Chapter {
  @Override
  public String name() {
    return "credentials";
  }

  @Override
  public String title() {
    return "a new secret id, while Vault revokes the one before and what it gave";
  }

  @Override
  public void play(Scene scene) throws InterruptedException {
    World world = scene.world();
    Map<String, String> before = scene.proof().versions();
    List<Long> keys = scene.pluginKeys();
    String old = world.secretId();
    int mark = scene.follower().mark();
    world.putCredentials(world.vault().newSecretId(world.roleId()));
    world.vault().revokeSecretId(world.roleId(), old);
    world.vault().revokeTokens();
    scene
        .screen()
        .line("a new secret id is in its Secret; Vault knows the old one no more, nor its tokens");
    for (long key : keys) {
      scene.await(
          mark,
          KeyUpdated.class,
          updated -> updated.keyId() == key,
          "key %d has the new secret id".formatted(key));
    }
    long revision = converged(scene, mark, keys.getLast());
    awaitSettled(scene, mark, keys.getFirst(), revision);
    scene.proof().nothingWasWrittenSince(before);
    scene.screen().line("every plugin uses the new secret id, and no object has been written");
  }

  /** No revision converges before the last plugin that is down has the new secret id. */
  private static long converged(Scene scene, int mark, long last) throws InterruptedException {
    return scene
        .await(
            mark,
            RevisionConverged.class,
            converged -> converged.keyId() == last && converged.purpose() == Purpose.IN_PLACE,
            "every plugin works with the new secret id")
        .revision();
  }

  /** It may have been said before the older key had its turn. */
  private static void awaitSettled(Scene scene, int mark, long key, long revision)
      throws InterruptedException {
    scene.await(
        mark,
        EncryptionSettled.class,
        settled -> settled.keyId() == key && settled.revision() >= revision,
        "everything is settled on key %d and revision %d".formatted(key, revision));
  }
}
