package io.vaultkms.health.history;

import io.vaultkms.model.event.ConfigChanged;
import io.vaultkms.model.event.ConfigRejected;
import io.vaultkms.model.event.EncryptionSettled;
import io.vaultkms.model.event.Event;
import io.vaultkms.model.event.KeyCreated;
import io.vaultkms.model.event.KeyRetired;
import io.vaultkms.model.event.KeyUpdated;
import io.vaultkms.model.event.MigrationDone;
import io.vaultkms.model.event.MigrationFailed;
import io.vaultkms.model.event.MigrationProgressed;
import io.vaultkms.model.event.MigrationStarted;
import io.vaultkms.model.event.PluginDegraded;
import io.vaultkms.model.event.PluginReady;
import io.vaultkms.model.event.PluginRecovered;
import io.vaultkms.model.event.PreflightFailed;
import io.vaultkms.model.event.PreflightSucceeded;
import io.vaultkms.model.event.RemoteKeyRotated;
import io.vaultkms.model.event.ReplayFinished;
import io.vaultkms.model.event.ReplayRequested;
import io.vaultkms.model.event.RevisionConverged;
import io.vaultkms.model.event.RolloutStarted;
import io.vaultkms.model.event.SecretRestored;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * What the log has told of one component. Any order of the same events, with any of them more than
 * once, gives the same history: of two that contradict each other the later one counts, by the time
 * at which they happened.
 *
 * @param judgement the last verdict on the configuration
 * @param keyTold when each key was last told to have been made or updated
 * @param runs the newest migrations, by their name
 * @param plugins what was told last of each plugin that ever failed
 * @param ready plugins that were told to have answered at least once
 * @param told ids of what happens once, and was told
 */
public record History(
    Optional<Judgement> judgement,
    SortedMap<Long, Instant> keyTold,
    Map<String, MigrationRun> runs,
    SortedMap<PluginOnNode, PluginTold> plugins,
    Set<PluginOnNode> ready,
    Set<String> told) {
  /** How many runs are kept. */
  public static final int RUNS = 5;

  public static final History NOTHING =
      new History(Optional.empty(), new TreeMap<>(), Map.of(), new TreeMap<>(), Set.of(), Set.of());

  private static final Comparator<MigrationRun> NEWEST_FIRST =
      Comparator.comparing(MigrationRun::began).thenComparing(MigrationRun::id).reversed();

  /** What was told of a plugin. */
  public record PluginTold(boolean degraded, Instant at) {}

  public History {
    keyTold = Collections.unmodifiableSortedMap(new TreeMap<>(keyTold));
    runs = Map.copyOf(runs);
    plugins = Collections.unmodifiableSortedMap(new TreeMap<>(plugins));
    ready = Set.copyOf(ready);
    told = Set.copyOf(told);
  }

  /** The newest runs, newest first. */
  public List<MigrationRun> newestRuns() {
    return runs.values().stream().sorted(NEWEST_FIRST).toList();
  }

  /** Whether people were told that the plugin fails, and not yet that it has recovered. */
  public boolean degraded(PluginOnNode plugin) {
    PluginTold last = plugins.get(plugin);
    return last != null && last.degraded();
  }

  /** Whether the plugin is known to have answered once: one that has not yet is starting. */
  public boolean wasReady(PluginOnNode plugin) {
    return ready.contains(plugin);
  }

  public boolean hasTold(Event once) {
    return told.contains(once.id());
  }

  /** The same, after that event. */
  public History after(Event event) {
    return switch (event) {
      case ConfigChanged changed -> judged(Judgement.of(changed));
      case ConfigRejected rejected -> judged(Judgement.of(rejected));
      case KeyCreated created -> keyTold(created.keyId(), created.time());
      case KeyUpdated updated -> keyTold(updated.keyId(), updated.time());
      case MigrationStarted e -> run(e.run(), e.keyId(), e.time(), run -> run.after(e));
      case MigrationProgressed e -> run(e.run(), e.keyId(), e.time(), run -> run.after(e));
      case MigrationFailed e -> run(e.run(), e.keyId(), e.time(), run -> run.after(e));
      case MigrationDone e -> run(e.run(), e.keyId(), e.time(), run -> run.after(e));
      case PluginDegraded e ->
          plugin(new PluginOnNode(e.node(), e.keyId()), new PluginTold(true, e.time()));
      case PluginRecovered e ->
          plugin(new PluginOnNode(e.node(), e.keyId()), new PluginTold(false, e.time()));
      case PluginReady e -> ready(new PluginOnNode(e.node(), e.keyId()));
      case RemoteKeyRotated rotated -> told(rotated.id());
      case EncryptionSettled settled -> told(settled.id());
      case PreflightSucceeded _,
          PreflightFailed _,
          KeyRetired _,
          SecretRestored _,
          RolloutStarted _,
          RevisionConverged _,
          ReplayRequested _,
          ReplayFinished _ ->
          this;
    };
  }

  private History judged(Judgement now) {
    return judgement.filter(known -> known.at().isAfter(now.at())).isPresent()
        ? this
        : new History(Optional.of(now), keyTold, runs, plugins, ready, told);
  }

  private History keyTold(long keyId, Instant at) {
    SortedMap<Long, Instant> more = new TreeMap<>(keyTold);
    more.merge(keyId, at, (one, other) -> one.isAfter(other) ? one : other);
    return new History(judgement, more, runs, plugins, ready, told);
  }

  private History run(String id, long keyId, Instant at, UnaryOperator<MigrationRun> change) {
    String name = keyId + "/" + id;
    Map<String, MigrationRun> changed = new HashMap<>(runs);
    changed.put(name, change.apply(runs.getOrDefault(name, MigrationRun.first(id, keyId, at))));
    changed.values().stream()
        .sorted(NEWEST_FIRST)
        .skip(RUNS)
        .toList()
        .forEach(changed.values()::remove);
    return new History(judgement, keyTold, changed, plugins, ready, told);
  }

  private History plugin(PluginOnNode plugin, PluginTold now) {
    SortedMap<PluginOnNode, PluginTold> more = new TreeMap<>(plugins);
    more.merge(plugin, now, (known, other) -> known.at().isAfter(other.at()) ? known : other);
    return new History(judgement, keyTold, runs, more, ready, told);
  }

  private History ready(PluginOnNode plugin) {
    Set<PluginOnNode> more = new HashSet<>(ready);
    more.add(plugin);
    return new History(judgement, keyTold, runs, plugins, more, told);
  }

  private History told(String id) {
    Set<String> more = new HashSet<>(told);
    more.add(id);
    return new History(judgement, keyTold, runs, plugins, ready, more);
  }
}
