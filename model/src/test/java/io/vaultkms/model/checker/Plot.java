package io.vaultkms.model.checker;

import java.util.EnumSet;
import java.util.Set;

/**
 * What may happen in one exploration, and how often: everything else may happen in any order.
 *
 * @param changes how often the admin changes mind
 * @param faults how many faults in all
 * @param kinds which faults
 * @param rotations how often the remote key is rotated in Vault
 * @param lateNodes how many of the three nodes are not there at the start
 * @param deployers how many deployers hold a decision that they have not carried out yet
 * @param clock whether a rollout that does not move on becomes one that has stalled
 */
record Plot(
    String name,
    Set<Wish> wishes,
    int changes,
    int faults,
    Set<Fault> kinds,
    int rotations,
    int lateNodes,
    int deployers,
    boolean clock,
    Habits habits) {

  /** What may go wrong. */
  enum Fault {
    NODE_FAILS,
    NODE_LEAVES,
    REPORT_IS_LATE,
    PLUGIN_FAILS,
    CREDENTIALS_REVOKED,
    CREDENTIALS_LACK_A,
    KEY_SECRET_DELETED,
    BUNDLE_DELETED
  }

  /**
   * How the actors carry out a decision.
   *
   * @param preconditions whether a write fails when what it was decided on has changed since
   * @param waitsForOldWrites whether a migration counts only once no write begun before every API
   *     server had the new write key can still be in flight
   * @param claimsNothing whether a key that is made anew says that nothing has been migrated to it
   */
  record Habits(boolean preconditions, boolean waitsForOldWrites, boolean claimsNothing) {
    static final Habits GOOD = new Habits(true, true, true);
  }

  static Plot of(String name, Wish... wishes) {
    Set<Wish> all = EnumSet.of(wishes[0], wishes);
    return new Plot(name, all, 1, 0, Set.of(), 0, 0, 1, false, Habits.GOOD);
  }

  Plot changes(int count) {
    return new Plot(
        name, wishes, count, faults, kinds, rotations, lateNodes, deployers, clock, habits);
  }

  Plot faults(int count, Fault... which) {
    Set<Fault> all = EnumSet.of(which[0], which);
    return new Plot(
        name, wishes, changes, count, all, rotations, lateNodes, deployers, clock, habits);
  }

  Plot rotations(int count) {
    return new Plot(
        name, wishes, changes, faults, kinds, count, lateNodes, deployers, clock, habits);
  }

  Plot lateNodes(int count) {
    return new Plot(
        name, wishes, changes, faults, kinds, rotations, count, deployers, clock, habits);
  }

  Plot deployers(int count) {
    return new Plot(
        name, wishes, changes, faults, kinds, rotations, lateNodes, count, clock, habits);
  }

  /** Rollouts may stall. */
  Plot withClock() {
    return new Plot(
        name, wishes, changes, faults, kinds, rotations, lateNodes, deployers, true, habits);
  }

  Plot habits(Habits other) {
    return new Plot(
        name, wishes, changes, faults, kinds, rotations, lateNodes, deployers, clock, other);
  }
}
