package io.vaultkms.cli.demo;

import io.vaultkms.lab.world.World;
import io.vaultkms.model.event.KeyUpdated;
import io.vaultkms.model.event.MigrationStarted;
import io.vaultkms.model.event.RolloutStarted;
import java.util.Map;

/** A newer image of the plugin: one revision, and no object is written. */
final class InPlaceChapter implements Chapter {
  @Override
  public String name() {
    return "in-place";
  }

  @Override
  public String title() {
    return "another image of the plugin: one revision, no migration, no object rewritten";
  }

  @Override
  public void play(Scene scene) throws InterruptedException {
    Map<String, String> before = scene.proof().versions();
    int mark = scene.follower().mark();
    scene.screen().line("asking for image %s", World.NEWER_PLUGIN_IMAGE);
    scene.world().apply(scene.world().applied().withImage(World.NEWER_PLUGIN_IMAGE));
    long key = scene.await(mark, KeyUpdated.class, _ -> true, "the key has the new image").keyId();
    scene.awaitSettled(mark, key);
    long revisions = scene.follower().count(mark, RolloutStarted.class);
    if (revisions != 1 || scene.follower().count(mark, MigrationStarted.class) > 0) {
      throw new DemoFailure(
          "a newer image took %d revisions and must take one without a migration"
              .formatted(revisions));
    }
    scene.proof().nothingWasWrittenSince(before);
    scene.screen().line("one revision, no migration, and no object has been written");
  }
}
