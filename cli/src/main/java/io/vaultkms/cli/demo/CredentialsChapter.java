package io.vaultkms.cli.demo;

import io.vaultkms.lab.world.World;
import io.vaultkms.model.decision.Step.Purpose;
import io.vaultkms.model.event.KeyUpdated;
import io.vaultkms.model.event.RevisionConverged;
import java.util.Map;

/** Another secret id, while Vault stops to know the one before. */
final class CredentialsChapter implements Chapter {
  @Override
  public String name() {
    return "credentials";
  }

  @Override
  public String title() {
    return "a new secret id, while Vault revokes the one before";
  }

  @Override
  public void play(Scene scene) throws InterruptedException {
    World world = scene.world();
    Map<String, String> before = scene.proof().versions();
    String old = world.secretId();
    int mark = scene.follower().mark();
    world.putCredentials(world.vault().newSecretId(world.roleId()));
    world.vault().revokeSecretId(world.roleId(), old);
    scene.screen().line("a new secret id is in its Secret; Vault knows the old one no more");
    long key =
        scene.await(mark, KeyUpdated.class, _ -> true, "the key has the new secret id").keyId();
    scene.await(
        mark,
        RevisionConverged.class,
        converged -> converged.purpose() == Purpose.IN_PLACE,
        "every plugin uses the new secret id");
    scene.awaitSettled(mark, key);
    scene.proof().nothingWasWrittenSince(before);
    scene.screen().line("every node uses it, and no object has been written");
  }
}
