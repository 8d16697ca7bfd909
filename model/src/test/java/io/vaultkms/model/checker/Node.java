package io.vaultkms.model.checker;

/**
 * One control-plane node: its API server, its agent, its plugins. Written to only until the scene
 * it is part of is handed on.
 */
final class Node {
  /** The bundle of an API server that has not been started yet. */
  static final int NOT_STARTED = 4095;

  /** What the node says of the preflight request that stands. */
  enum Verdict {
    NONE,
    FAILED,
    PASSED
  }

  /**
   * What the newest key's plugin reports after a rotation: the old remote key id, the new one, or
   * the new one for so long that its API server has asked since.
   */
  enum Remote {
    OLD,
    NEW,
    SETTLED
  }

  boolean joined = true;
  boolean up = true;
  boolean plugins = true;

  /** The bundle that the API server has in use, and whether that is the newest revision. */
  int used;

  boolean usesNewest = true;

  /** The bundle in the file that the agent wrote, and whether that is the newest revision. */
  int file;

  boolean fileNewest = true;

  /** Whether the last report says that the newest revision is in use, and is not too old. */
  boolean reported = true;

  /** Whether every request that began before the last change of the write key has ended. */
  boolean drained = true;

  Verdict verdict = Verdict.NONE;
  Remote remote = Remote.OLD;

  boolean serving() {
    return joined && up && used != NOT_STARTED;
  }

  Node copy() {
    Node copy = new Node();
    copy.joined = joined;
    copy.up = up;
    copy.plugins = plugins;
    copy.used = used;
    copy.usesNewest = usesNewest;
    copy.file = file;
    copy.fileNewest = fileNewest;
    copy.reported = reported;
    copy.drained = drained;
    copy.verdict = verdict;
    copy.remote = remote;
    return copy;
  }

  /** The node in 35 bits. */
  long packed() {
    long flags =
        bit(joined, 6)
            | bit(up, 5)
            | bit(plugins, 4)
            | bit(usesNewest, 3)
            | bit(fileNewest, 2)
            | bit(reported, 1)
            | bit(drained, 0);
    return ((flags << 4 | verdict.ordinal() << 2 | remote.ordinal()) << 12 | used) << 12 | file;
  }

  private static long bit(boolean value, int position) {
    return value ? 1L << position : 0;
  }
}
