package io.vaultkms.model.decision;

import io.vaultkms.model.bundle.Bundle;
import io.vaultkms.model.config.Mode;
import io.vaultkms.model.config.Violation;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;

/** What comes next for one component, and whose it is to do. */
public sealed interface Step {
  /** Who acts on a step. */
  enum Actor {
    CONFIG_WATCHER,
    PLUGIN_DEPLOYER,
    MIGRATOR,
    NOBODY
  }

  Actor actor();

  /** The wanted configuration breaks rules: nothing moves until it is mended. */
  record Refuse(List<Violation> violations) implements Step {
    public Refuse {
      violations = List.copyOf(violations);
    }

    @Override
    public Actor actor() {
      return Actor.CONFIG_WATCHER;
    }
  }

  /** Ask every node to try the wanted configuration, for the key of that number. */
  record Preflight(long keyId, String hash) implements Step {
    @Override
    public Actor actor() {
      return Actor.PLUGIN_DEPLOYER;
    }
  }

  /** Make a new key; no API server hears of it yet. */
  record MintKey(long keyId, Mode mode, String reason) implements Step {
    @Override
    public Actor actor() {
      return Actor.PLUGIN_DEPLOYER;
    }
  }

  /** Give the newest key the wanted configuration and contents in place. */
  record UpdateKey(long keyId, String hash) implements Step {
    @Override
    public Actor actor() {
      return Actor.PLUGIN_DEPLOYER;
    }
  }

  /** Why a bundle goes out. */
  enum Purpose {
    /** A new key becomes readable everywhere. */
    READ_KEY,
    /** A key that is readable everywhere begins to write. */
    WRITE_KEY,
    /** A key in the bundle gets other configuration or credentials. */
    IN_PLACE,
    /** Keys that nothing is stored under any more go. */
    RETIRE,
    /** A read key that did not get everywhere, and that nobody wants any more, goes. */
    WITHDRAW,
    /** Nothing goes out: a bundle that others wrote counts from here, as it stands. */
    ADOPT
  }

  /**
   * Note on the newest key that it is withdrawn: it is a read key that has not got everywhere and
   * has never written, and something else is wanted.
   */
  record WithdrawKey(long keyId, String reason) implements Step {
    @Override
    public Actor actor() {
      return Actor.PLUGIN_DEPLOYER;
    }
  }

  /** The kinds of Secret that a component's encryption is kept in. */
  enum Kept {
    /** The Secret of one key, by its number. */
    KEY,
    /** The newest bundle, by its revision. */
    BUNDLE,
    /** The copy of the newest bundle in the component's own namespace, by its revision. */
    COPY
  }

  /** Make a Secret anew that is not there any more, from another that holds the same. */
  record Restore(Kept what, long number) implements Step {
    @Override
    public Actor actor() {
      return Actor.PLUGIN_DEPLOYER;
    }
  }

  /**
   * Note on a Secret that others wrote what is in it, so that everyone knows who may not read it.
   *
   * @param number of the key; 0 for the bundle, whose revision is found out by that
   */
  record Adopt(Kept what, long number) implements Step {
    @Override
    public Actor actor() {
      return Actor.PLUGIN_DEPLOYER;
    }
  }

  /** Send another bundle to every API server. */
  record RollOut(Bundle bundle, Purpose purpose, long keyId) implements Step {
    @Override
    public Actor actor() {
      return Actor.PLUGIN_DEPLOYER;
    }
  }

  /** Why data is rewritten. */
  enum MigrationReason {
    /** The write key is another one. */
    NEW_KEY,
    /** The write key is the same, and its remote key was rotated. */
    REMOTE_ROTATION
  }

  /** Rewrite every stored object of these resources with the write key. */
  record Migrate(long keyId, SortedSet<String> resources, MigrationReason reason) implements Step {
    public Migrate {
      resources = Collections.unmodifiableSortedSet(new TreeSet<>(resources));
    }

    @Override
    public Actor actor() {
      return Actor.MIGRATOR;
    }
  }

  /** Delete key Secrets that nothing needs any more. */
  record PruneKeys(SortedSet<Long> keyIds) implements Step {
    public PruneKeys {
      keyIds = Collections.unmodifiableSortedSet(new TreeSet<>(keyIds));
    }

    @Override
    public Actor actor() {
      return Actor.PLUGIN_DEPLOYER;
    }
  }

  /** What is waited for. */
  enum Awaited {
    PREFLIGHT,
    CONVERGENCE,
    REMOTE_ROTATION
  }

  /** Who is waited for, and what for. */
  record Waiting(String node, String reason) {}

  /** Something is under way and nobody can hurry it. */
  record Await(Awaited what, List<Waiting> waiting) implements Step {
    public Await {
      waiting = List.copyOf(waiting);
    }

    @Override
    public Actor actor() {
      return Actor.NOBODY;
    }
  }

  /** Something needs a person. */
  record Blocked(Obstacle obstacle, String message) implements Step {
    @Override
    public Actor actor() {
      return Actor.NOBODY;
    }
  }

  /** What a person has to see to. */
  enum Obstacle {
    PREFLIGHT_FAILED,
    /** A preflight is asked for, and for too long no node has given a verdict. */
    PREFLIGHT_STALLED,
    /** A bundle is on its way, and for too long no node has moved on. */
    ROLLOUT_STALLED,
    NO_NODES,
    /** What others wrote holds something that is not known here. */
    NOT_TAKEN_OVER,
    KEY_MISSING,
    BUNDLE_MISSING,
    CONFIGURATION_MISSING,
    TOO_MANY_KEYS
  }

  /** The cluster is as wanted; the write key is empty while plaintext has never been left. */
  record Settled(Mode mode, OptionalLong writeKey) implements Step {
    @Override
    public Actor actor() {
      return Actor.NOBODY;
    }
  }
}
