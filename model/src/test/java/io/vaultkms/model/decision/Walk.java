package io.vaultkms.model.decision;

import io.vaultkms.model.bundle.Bundle;
import io.vaultkms.model.key.EncryptionKey;
import io.vaultkms.model.key.EncryptionKey.Mark;
import io.vaultkms.model.key.EncryptionKey.Migrated;
import io.vaultkms.model.node.NodeReport;
import io.vaultkms.model.node.NodeReport.PreflightReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A cluster that does at once whatever is decided on, and the steps that it went. Nodes apply a
 * bundle as soon as it is out, and every preflight passes, unless the walk says otherwise.
 */
final class Walk {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final Duration LONG = Observation.Limits.DEFAULT.stalledRollout();

  private final List<Runnable> script = new ArrayList<>();
  private final List<String> steps = new ArrayList<>();
  private final SortedMap<Long, EncryptionKey> keys = new TreeMap<>();
  private final SortedSet<String> nodes = new TreeSet<>(Set.of("node-1", "node-2", "node-3"));
  private final SortedSet<String> behind = new TreeSet<>();
  private Config wanted = Config.PLAIN;
  private Optional<Bundle.Revisioned> bundle = Optional.empty();
  private Optional<Bundle.Revisioned> copy = Optional.empty();
  private Optional<PreflightRequest> request = Optional.empty();
  private Instant now = NOON;
  private boolean paused;
  private boolean stuck;

  private Walk() {}

  static Walk from(Config config) {
    Walk walk = new Walk();
    walk.script.add(() -> walk.wanted = config);
    return walk;
  }

  /** Wants something else, once all before is settled, or where the walk has paused. */
  Walk to(Config config) {
    return after(() -> wanted = config);
  }

  /** Pauses when that has been done, before any node has applied it. */
  Walk until(String step) {
    script.add(
        () -> {
          while (!step.equals(go())) {
            settleNodes();
          }
          paused = true;
        });
    return this;
  }

  /** No node moves on for too long, nor until another bundle is out. */
  Walk stalls(String step) {
    script.add(
        () -> {
          now = now.plus(LONG);
          stuck = true;
          expect(step);
        });
    return this;
  }

  Walk nodeAdded(String step) {
    script.add(
        () -> {
          behind.clear();
          nodes.add("node-4");
          behind.add("node-4");
          expect(step);
        });
    return this;
  }

  Walk nodeGone(String step) {
    script.add(
        () -> {
          behind.retainAll(Set.of("node-3"));
          expect(step);
          nodes.remove("node-3");
        });
    return this;
  }

  Walk keyDeleted(long id) {
    return after(() -> keys.remove(id));
  }

  Walk bundleDeleted() {
    return after(() -> bundle = Optional.empty());
  }

  Walk bundleAndKeyDeleted(long id) {
    return keyDeleted(id).also(() -> bundle = Optional.empty());
  }

  private Walk also(Runnable change) {
    Runnable before = script.removeLast();
    script.add(
        () -> {
          before.run();
          change.run();
        });
    return this;
  }

  private Walk after(Runnable change) {
    script.add(
        () -> {
          if (!paused) {
            run();
          }
          paused = false;
          change.run();
        });
    return this;
  }

  List<String> steps() {
    script.forEach(Runnable::run);
    run();
    return steps;
  }

  private void expect(String step) {
    String next = go();
    if (!next.equals(step)) {
      throw new AssertionError("'%s' is next, not '%s'".formatted(next, step));
    }
  }

  private void run() {
    settleNodes();
    while (!go().startsWith("settled")) {
      settleNodes();
      if (steps.size() > 100) {
        throw new AssertionError("goes round: " + steps);
      }
    }
  }

  private void settleNodes() {
    if (!stuck) {
      behind.clear();
    }
  }

  private String go() {
    Step step = Decision.next(seen());
    steps.add(StepWords.of(step));
    carryOut(step);
    return steps.getLast();
  }

  private void carryOut(Step step) {
    switch (step) {
      case Step.Preflight(long key, String hash) ->
          request =
              Optional.of(new PreflightRequest("r" + steps.size(), key, hash, Optional.of(now)));
      case Step.MintKey(long key, var mode, var reason) -> put(key, Migrated.NOTHING, Set.of());
      case Step.UpdateKey(long key, var hash) -> put(key, keys.get(key).migrated(), Set.of());
      case Step.WithdrawKey(long key, var reason) -> mark(key, Mark.WITHDRAWN);
      case Step.RollOut(Bundle next, var purpose, long key) -> rollOut(next);
      case Step.Migrate(long key, var resources, var reason) ->
          put(key, new Migrated(resources, Optional.of(now), Optional.empty()), Set.of());
      case Step.Restore(Step.Kept what, long number) -> restore(what, number);
      case Step.PruneKeys(var ids) -> ids.forEach(keys::remove);
      case Step.Adopt _, Step.Refuse _, Step.Await _, Step.Blocked _, Step.Settled _ -> {}
    }
  }

  private void put(long id, Migrated migrated, Set<Mark> marks) {
    EncryptionKey old = keys.get(id);
    boolean same = old != null && !migrated.equals(old.migrated());
    keys.put(
        id,
        new EncryptionKey(
            id,
            same ? old.mode() : wanted.mode(),
            same ? old.kms() : wanted.kms(),
            same ? old.hash() : Optional.of(wanted.hash()),
            "",
            migrated,
            marks));
  }

  private void mark(long id, Mark mark) {
    EncryptionKey key = keys.get(id);
    keys.put(
        id,
        new EncryptionKey(id, key.mode(), key.kms(), key.hash(), "", key.migrated(), Set.of(mark)));
  }

  private void rollOut(Bundle next) {
    long revision = bundle.map(Bundle.Revisioned::revision).orElse(0L) + 1;
    bundle = Optional.of(new Bundle.Revisioned(revision, next, Optional.of(now), 0));
    copy = bundle;
    behind.addAll(nodes);
    stuck = false;
  }

  private void restore(Step.Kept what, long number) {
    switch (what) {
      case BUNDLE -> bundle = copy;
      case KEY -> put(number, Migrated.NOTHING, Set.of(Mark.RESTORED));
      case COPY -> throw new AssertionError("no copy is lost here");
    }
  }

  private Observation seen() {
    SortedMap<String, NodeReport> reports = new TreeMap<>();
    nodes.forEach(node -> reports.put(node, report(node)));
    TreeSet<Long> lost =
        new TreeSet<>(bundle.map(b -> b.bundle().keys().keySet()).orElse(Set.of()));
    lost.removeAll(keys.keySet());
    return new Observation(
            Component.KUBE_APISERVER,
            wanted.wanted(Optional.of(wanted.hash())),
            List.copyOf(keys.values()),
            bundle,
            nodes,
            reports,
            request,
            now,
            Observation.Limits.DEFAULT)
        .withSalvage(
            new Salvage(
                false,
                bundle.isEmpty() && copy.isPresent()
                    ? OptionalLong.of(copy.get().revision())
                    : OptionalLong.empty(),
                false,
                lost));
  }

  private NodeReport report(String node) {
    long revision = copy.map(Bundle.Revisioned::revision).orElse(0L);
    long converged = behind.contains(node) ? 0 : revision;
    PreflightReport verdict =
        request
            .map(
                asked ->
                    new PreflightReport(asked.id(), asked.hash(), true, "", "", "v1", 1, 1, 1, now))
            .orElse(null);
    return new NodeReport(
        "kube-apiserver", revision, converged, NOON, null, true, List.of(), verdict, now, "");
  }
}
