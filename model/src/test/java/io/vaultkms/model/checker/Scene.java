package io.vaultkms.model.checker;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Everything there is at one moment. Data is abstract: for each resource the set of keys that
 * anything may be stored under, bit 0 for plaintext, bit k for key k; and one such set for writes
 * that began under an older write key and may land late. Written to only until it is handed on.
 */
final class Scene {
  static final int NODES = 3;
  static final int MOST_KEYS = 4;
  static final int RESOURCES = 2;
  static final int WORDS = 4;
  static final int MOST_PLANS = 1 << 12;
  private static final int REFUSED_BITS = 3;

  /** Stands for nothing migrated to a key that was lost: no key ever has so many. */
  static final int RESTORED = 3;

  /**
   * A key Secret.
   *
   * @param migrated how many of the resources have been migrated to it, in their order
   * @param present false when somebody deleted the Secret by hand
   * @param restored whether it was lost and made anew, and nothing has been migrated to it since
   */
  record Key(Wish wish, int migrated, boolean present, boolean withdrawn, boolean restored) {
    static Key of(Wish wish) {
      return new Key(wish, 0, true, false, false);
    }

    static Key restored(Wish wish, int migrated) {
      return new Key(wish, migrated, true, false, true);
    }

    Key withWish(Wish other) {
      return new Key(other, migrated, present, withdrawn, restored);
    }

    Key withMigrated(int resources) {
      return new Key(wish, resources, present, withdrawn, false);
    }

    Key withPresent(boolean there) {
      return new Key(wish, migrated, there, withdrawn, restored);
    }

    Key asWithdrawn() {
      return new Key(wish, migrated, present, true, restored);
    }
  }

  Wish wanted = Wish.PLAIN;
  @Nullable Key[] keys = new Key[MOST_KEYS];
  int bundle;

  /** The highest key number that the newest bundle knows to have been given away. */
  int highest;

  /** Whether somebody deleted the newest bundle by hand. */
  boolean bundleDeleted;

  Node[] nodes = new Node[NODES];
  int requestKey;
  Wish requestWish = Wish.PLAIN;

  /**
   * What the standing request knows to have been refused, by key, as wishes by number; 0 for none.
   */
  int refused;

  /** Decisions that have been made and not carried out, by number; 0 for none. */
  int[] slots = new int[2];

  /** What the migrator is at, as {@link Migrator} writes it; 0 for nothing. */
  int migration;

  int[] stored = {1, 1};
  int inFlight;

  /** Keys that an API server has ever had as its write key. */
  int written;

  /** Resources of which something may be stored under an older version of the remote key. */
  int stale;

  boolean rotated;

  /** Whether the Secret that all KMS keys refer to holds the new credentials. */
  boolean newCredentials;

  /** Whether Vault no longer takes the old credentials. */
  boolean revoked;

  /** Whether Vault does not let the new credentials use the remote key of A. */
  boolean lacking;

  /** Whether the newest bundle is on its way, and no node has moved on for too long. */
  boolean stalled;

  int changesLeft;
  int faultsLeft;
  int rotationsLeft;

  /** What an actor did that no actor may do; kept apart from what is compared. */
  @Nullable String misdeed;

  static Scene start(Plot plot) {
    Scene scene = new Scene();
    for (int i = 0; i < NODES; i++) {
      scene.nodes[i] = new Node();
      scene.nodes[i].joined = i < NODES - plot.lateNodes();
    }
    scene.changesLeft = plot.changes();
    scene.faultsLeft = plot.faults();
    scene.rotationsLeft = plot.rotations();
    return scene;
  }

  Scene copy() {
    Scene copy = new Scene();
    copy.wanted = wanted;
    copy.keys = keys.clone();
    copy.bundle = bundle;
    copy.highest = highest;
    copy.bundleDeleted = bundleDeleted;
    copy.nodes = nodes.clone();
    copy.requestKey = requestKey;
    copy.requestWish = requestWish;
    copy.refused = refused;
    copy.slots = slots.clone();
    copy.migration = migration;
    copy.stored = stored.clone();
    copy.inFlight = inFlight;
    copy.written = written;
    copy.stale = stale;
    copy.rotated = rotated;
    copy.newCredentials = newCredentials;
    copy.revoked = revoked;
    copy.lacking = lacking;
    copy.stalled = stalled;
    copy.changesLeft = changesLeft;
    copy.faultsLeft = faultsLeft;
    copy.rotationsLeft = rotationsLeft;
    return copy;
  }

  /** The node, to be written to: the scenes this one was copied from keep theirs. */
  Node change(int node) {
    nodes[node] = nodes[node].copy();
    return nodes[node];
  }

  /** The key Secret of that number; empty when there is none. */
  Optional<Key> key(int id) {
    return id < 1 || id > MOST_KEYS
        ? Optional.empty()
        : Optional.ofNullable(keys[id - 1]).filter(Key::present);
  }

  /** Whether a plugin with this configuration can work. */
  boolean works(Wish wish) {
    return !(revoked && wish.hasOldCredentials()) && !(lacking && wish == Wish.A_MENDED);
  }

  /** The highest number that has a Secret and is not withdrawn; 0 for none. */
  int newestKey(Bundles bundles) {
    int writeKey = bundles.of(bundle).writeKey();
    for (int id = MOST_KEYS; id > 0; id--) {
      if (key(id).isPresent() && !(key(id).get().withdrawn() && writeKey < id)) {
        return id;
      }
    }
    return 0;
  }

  /** The highest number that has a Secret; 0 for none. */
  int highestKey() {
    for (int id = MOST_KEYS; id > 0; id--) {
      if (key(id).isPresent()) {
        return id;
      }
    }
    return 0;
  }

  /** The bit that data under this key number is marked with: plaintext has one of its own. */
  int mark(int id) {
    Key key = keys[id - 1];
    return key == null || !key.wish().mode().encrypts() ? 1 : 1 << id;
  }

  /** What was refused for a key before the standing request; empty when nothing was. */
  Optional<Wish> refused(int id) {
    int number = refused >> REFUSED_BITS * (id - 1) & (1 << REFUSED_BITS) - 1;
    return number == 0 ? Optional.empty() : Optional.of(Wish.values()[number - 1]);
  }

  /** What was refused, as a scene holds it. */
  static int packRefused(SortedMap<Long, Wish> wishes) {
    int packed = 0;
    for (Map.Entry<Long, Wish> entry : wishes.entrySet()) {
      packed |= entry.getValue().ordinal() + 1 << REFUSED_BITS * (entry.getKey().intValue() - 1);
    }
    return packed;
  }

  static int withoutRefused(int packed, int id) {
    return packed & ~((1 << REFUSED_BITS) - 1 << REFUSED_BITS * (id - 1));
  }

  /**
   * What follows by itself: who serves writes, requests end, and what cannot be told apart any more
   * is made equal.
   */
  void settle(Bundles bundles) {
    if (Arrays.stream(nodes).allMatch(node -> node.drained || !node.joined)) {
      inFlight = 0;
    }
    stalled &= Arrays.stream(nodes).anyMatch(node -> node.joined && !node.reported);
    for (int i = 0; i < NODES; i++) {
      Node node = nodes[i];
      if (inFlight == 0 && !node.drained) {
        change(i).drained = true;
      }
      if (node.serving()) {
        serve(node, bundles.of(node.used), newestKey(bundles));
      }
    }
    Arrays.sort(slots);
  }

  private void serve(Node node, Bundles.Known used, int newestKey) {
    stored[0] |= used.writeMark();
    stored[1] |= used.writeMark();
    written |= used.writeKey() == 0 ? 0 : 1 << used.writeKey();
    boolean newest = used.writeKey() != 0 && used.writeKey() == newestKey;
    if (rotated && newest && node.remote != Node.Remote.SETTLED) {
      stale |= 3;
    }
  }

  /** The remote key counts from here: every node's plugin and everything stored agree. */
  void forgetRotation() {
    rotated = false;
    stale = 0;
    for (int i = 0; i < NODES; i++) {
      if (nodes[i].remote != Node.Remote.OLD) {
        change(i).remote = Node.Remote.OLD;
      }
    }
  }

  /**
   * The scene as numbers, nodes in the order of theirs: which node is which makes no difference.
   */
  long[] packed() {
    long[] order = new long[NODES];
    for (int i = 0; i < NODES; i++) {
      order[i] = nodes[i].packed();
    }
    Arrays.sort(order);
    long packedKeys = 0;
    long withdrawn = 0;
    for (Key key : keys) {
      packedKeys = packedKeys << 6 | pack(key);
      withdrawn = withdrawn << 1 | (key != null && key.withdrawn() ? 1 : 0);
    }
    long facts = (withdrawn << 3 | highest) << 1 | (stalled ? 1 : 0);
    facts = (facts << 3 | wanted.ordinal()) << 3 | requestKey;
    facts = ((facts << 3 | requestWish.ordinal()) << 8 | migration) << 12 | bundle;
    facts = ((facts << 5 | stored[0]) << 5 | stored[1]) << 5 | inFlight;
    facts = facts << REFUSED_BITS * MOST_KEYS | refused;
    long rest = ((packedKeys << 5 | written) << 2 | stale) << 3;
    rest = rest | (bundleDeleted ? 4 : 0) | (rotated ? 2 : 0) | (revoked ? 1 : 0);
    rest = rest << 2 | (newCredentials ? 2 : 0) | (lacking ? 1 : 0);
    rest = ((rest << 3 | changesLeft) << 2 | faultsLeft) << 2 | rotationsLeft;
    return new long[] {
      order[0] << 24 | (long) slots[0] << 12 | slots[1],
      order[1] << 24 | rest >>> 24,
      order[2] << 24 | rest & 0xFFFFFF,
      facts
    };
  }

  private static long pack(@Nullable Key key) {
    return key == null
        ? 0
        : (long) (key.wish().ordinal() + 1) << 3
            | (long) (key.restored() ? RESTORED : key.migrated()) << 1
            | (key.present() ? 1 : 0);
  }
}
