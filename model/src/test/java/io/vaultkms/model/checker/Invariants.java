package io.vaultkms.model.checker;

import io.vaultkms.model.decision.Step;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What must hold in every scene; each answers with what is not so, in words. */
final class Invariants {
  private static final int[] NOTHING = {};
  private final Bundles bundles;
  private final Oracle oracle;

  Invariants(Bundles bundles, Oracle oracle) {
    this.bundles = bundles;
    this.oracle = oracle;
  }

  /** Which invariant is broken, and how. */
  record Broken(String invariant, String how) {}

  Optional<Broken> broken(Scene scene) {
    return find("1, readers before writers", unreadableWriter(scene))
        .or(() -> find("2, no key leaves before its data", lostData(scene)))
        .or(() -> find("3, one bundle at a time", crowd(scene)))
        .or(() -> find("4, a number is one key for ever", ambiguousNumber(scene)))
        .or(() -> find("a migration that is done is done", falseMigration(scene)))
        .or(() -> find("no actor does what none may do", scene.misdeed));
  }

  private static Optional<Broken> find(String invariant, @Nullable String how) {
    return Optional.ofNullable(how).map(words -> new Broken(invariant, words));
  }

  private @Nullable String unreadableWriter(Scene scene) {
    for (int writer = 0; writer < Scene.NODES; writer++) {
      for (int reader = 0; reader < Scene.NODES; reader++) {
        if (scene.nodes[writer].serving() && scene.nodes[reader].serving()) {
          int mark = bundles.of(scene.nodes[writer].used).writeMark();
          if ((mark & ~bundles.of(scene.nodes[reader].used).readMarks()) != 0) {
            return "%s writes with %s, which %s cannot read"
                .formatted(Oracle.name(writer), words(mark), Oracle.name(reader));
          }
        }
      }
    }
    return null;
  }

  private @Nullable String lostData(Scene scene) {
    int anywhere = scene.stored[0] | scene.stored[1] | scene.inFlight;
    for (int i = 0; i < Scene.NODES; i++) {
      if (scene.nodes[i].serving()) {
        int lost = anywhere & ~bundles.of(scene.nodes[i].used).readMarks();
        if (lost != 0) {
          return "%s cannot read %s, and data may be stored under it, or about to be"
              .formatted(Oracle.name(i), words(lost));
        }
      }
    }
    return null;
  }

  /** API servers are on the newest bundle or on the one before, which may differ in content. */
  private @Nullable String crowd(Scene scene) {
    int newest = bundles.of(scene.bundle).shapeNumber();
    int other = newest;
    for (Node node : scene.nodes) {
      for (int bundle : inUse(node)) {
        int shape = bundles.of(bundle).shapeNumber();
        if (shape != newest && other != newest && shape != other) {
          return "three different bundles are on their way at once";
        }
        other = shape != newest ? shape : other;
      }
    }
    return null;
  }

  private @Nullable String ambiguousNumber(Scene scene) {
    for (int id = 1; id <= Scene.MOST_KEYS; id++) {
      if ((scene.written >> id & 1) != 0 && ambiguous(scene, id)) {
        return "key number %d has written, and is another key in one place than in another"
            .formatted(id);
      }
    }
    return null;
  }

  private boolean ambiguous(Scene scene, int id) {
    Scene.Key key = scene.keys[id - 1];
    int meaning = key != null && key.present() ? key.wish().remoteKeyNumber() : 0;
    int newest = bundles.of(scene.bundle).remoteKeys()[id];
    if (meaning != 0 && newest != 0 && meaning != newest) {
      return true;
    }
    meaning = newest == 0 ? meaning : newest;
    for (Node node : scene.nodes) {
      for (int bundle : inUse(node)) {
        int other = bundles.of(bundle).remoteKeys()[id];
        if (meaning != 0 && other != 0 && meaning != other) {
          return true;
        }
        meaning = other == 0 ? meaning : other;
      }
    }
    return false;
  }

  /** The bundle that an API server has in use and the one it will have when it starts again. */
  private static int[] inUse(Node node) {
    return !node.joined || node.used == Node.NOT_STARTED
        ? node.joined && node.file != Node.NOT_STARTED ? new int[] {node.file} : NOTHING
        : new int[] {node.used, node.file};
  }

  private @Nullable String falseMigration(Scene scene) {
    int newest = scene.newestKey(bundles);
    boolean secretMissing = (scene.written >> newest + 1) != 0;
    if (newest == 0 || secretMissing) {
      return null;
    }
    int done = scene.key(newest).orElseThrow().migrated();
    for (int resource = 0; resource < done; resource++) {
      int others = (scene.stored[resource] | scene.inFlight) & ~scene.mark(newest);
      if (others != 0) {
        return "%s count as migrated to key %d, and some may be under %s, or about to be"
            .formatted(Oracle.RESOURCES.get(resource), newest, words(others));
      }
    }
    return null;
  }

  /** Where nothing more happens by itself, all is as the admin wants it. */
  Optional<Broken> unsettled(Scene scene) {
    return find("5, everything ends settled", unsettledWords(scene));
  }

  private @Nullable String unsettledWords(Scene scene) {
    Step step = oracle.next(scene).step();
    if (scene.wanted == Wish.NONSENSE) {
      return step instanceof Step.Refuse ? null : "nonsense ends with " + step;
    }
    if (!(step instanceof Step.Settled)) {
      return "it ends with " + step;
    }
    int newest = scene.newestKey(bundles);
    if (newest == 0) {
      return scene.wanted == Wish.PLAIN ? null : "it ends settled without any key";
    }
    if (scene.key(newest).orElseThrow().wish() != scene.wanted) {
      return "it ends settled on another configuration";
    }
    if (oldCredentials(scene) != 0) {
      return "it ends settled, and key %d has credentials that are not in the Secret any more"
          .formatted(oldCredentials(scene));
    }
    int mark = scene.mark(newest);
    if (scene.stored[0] != mark || scene.stored[1] != mark || scene.stale != 0) {
      return "it ends settled, and some data is stored otherwise";
    }
    return everywhere(scene, newest) ? null : "it ends settled, and not on every node";
  }

  /** A key of the bundle that could have what the Secret holds and has not; 0 for none. */
  private int oldCredentials(Scene scene) {
    return bundles.of(scene.bundle).wishes().entrySet().stream()
        .filter(key -> key.getValue() != key.getValue().with(scene.newCredentials))
        .filter(key -> scene.works(key.getValue().with(scene.newCredentials)))
        .mapToInt(Map.Entry::getKey)
        .findFirst()
        .orElse(0);
  }

  private boolean everywhere(Scene scene, int newest) {
    for (Node node : scene.nodes) {
      Bundles.Known used = bundles.of(node.used);
      boolean asWanted =
          node.usesNewest && used.writeKey() == newest && used.wishes().get(newest) == scene.wanted;
      if (node.joined && !(node.serving() && asWanted)) {
        return false;
      }
    }
    return true;
  }

  private static String words(int marks) {
    if ((marks & 1) != 0) {
      return "plaintext";
    }
    return "key " + Integer.numberOfTrailingZeros(marks);
  }
}
