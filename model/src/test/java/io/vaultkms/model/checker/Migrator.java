package io.vaultkms.model.checker;

import io.vaultkms.model.decision.Step;
import io.vaultkms.model.decision.Step.MigrationReason;
import java.util.Arrays;

/**
 * The migrator: one resource after the other. What it has begun it finishes here even where the
 * real one would stop, which is the worse case.
 */
final class Migrator {
  private final Plot plot;
  private final Bundles bundles;
  private final Oracle oracle;

  Migrator(Plot plot, Bundles bundles, Oracle oracle) {
    this.plot = plot;
    this.bundles = bundles;
    this.oracle = oracle;
  }

  /**
   * @param settled whether, when it began, every node had reported the same remote key id for long
   *     enough
   */
  private record Run(int key, int resource, boolean rotation, boolean settled) {
    int packed() {
      return 1 << 7 | key << 3 | resource << 2 | (rotation ? 2 : 0) | (settled ? 1 : 0);
    }

    static Run of(int packed) {
      return new Run(packed >> 3 & 15, packed >> 2 & 1, (packed & 2) != 0, (packed & 1) != 0);
    }
  }

  void moves(Scene scene, Moves moves) {
    if (scene.migration != 0) {
      finish(scene, Run.of(scene.migration), moves);
    } else if (oracle.next(scene).step() instanceof Step.Migrate migrate) {
      begin(scene, migrate, moves);
    }
  }

  private static void begin(Scene scene, Step.Migrate migrate, Moves moves) {
    boolean rotation = migrate.reason() == MigrationReason.REMOTE_ROTATION;
    int resource =
        rotation
            ? Integer.numberOfTrailingZeros(scene.stale & 3 | 2)
            : Oracle.RESOURCES.indexOf(migrate.resources().first());
    boolean settled =
        Arrays.stream(scene.nodes)
            .allMatch(node -> !node.joined || node.remote == Node.Remote.SETTLED);
    Run run = new Run((int) migrate.keyId(), resource, rotation, settled);
    Scene next = scene.copy();
    next.migration = run.packed();
    moves.add(
        true,
        next,
        () ->
            "the migrator begins to rewrite %s with key %d"
                .formatted(Oracle.RESOURCES.get(resource), run.key()));
  }

  private void finish(Scene scene, Run run, Moves moves) {
    if (plot.habits().waitsForOldWrites() && !drained(scene)) {
      return;
    }
    Scene next = scene.copy();
    next.migration = 0;
    Scene.Key key = scene.keys[run.key() - 1];
    if (key != null && key.present()) {
      next.stored[run.resource()] = writers(scene) | scene.inFlight;
      next.stale &= run.settled() ? ~(1 << run.resource()) : ~0;
      if (!run.rotation() && key.migrated() == run.resource()) {
        next.keys[run.key() - 1] = key.withMigrated(key.migrated() + 1);
      }
      note(next, run);
    }
    moves.add(
        true,
        next,
        () ->
            "the migrator has rewritten %s with key %d and notes so"
                .formatted(Oracle.RESOURCES.get(run.resource()), run.key()));
  }

  /** The new remote key id is noted once everything has been rewritten with it for certain. */
  private static void note(Scene next, Run run) {
    boolean everything =
        next.key(run.key()).filter(key -> key.migrated() == Scene.RESOURCES).isPresent();
    if (next.rotated && everything && next.stale == 0 && run.settled()) {
      next.forgetRotation();
    }
  }

  private static boolean drained(Scene scene) {
    return Arrays.stream(scene.nodes).allMatch(node -> !node.joined || node.drained);
  }

  private int writers(Scene scene) {
    int marks = 0;
    for (Node node : scene.nodes) {
      marks |= node.serving() ? bundles.of(node.used).writeMark() : 0;
    }
    return marks;
  }
}
