package io.vaultkms.health.status;

import io.vaultkms.health.history.History;
import io.vaultkms.health.history.PluginOnNode;
import io.vaultkms.model.event.Event;
import io.vaultkms.model.event.PluginDegraded;
import io.vaultkms.model.event.PluginRecovered;
import io.vaultkms.model.node.NodeReport;
import io.vaultkms.model.node.NodeReport.PluginReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How often in a row each plugin was reported to be well or not. One report is a hiccup; the second
 * of its kind counts. A plugin that has never answered, or whose node is applying a bundle, is
 * starting, and is given a minute. Immutable.
 */
public record PluginStreaks(SortedMap<PluginOnNode, Streak> streaks) {
  private static final int COUNTS = 2;
  private static final Duration START = Duration.ofMinutes(1);

  public static final PluginStreaks NONE = new PluginStreaks(new TreeMap<>());

  /**
   * @param latest the last report of the streak
   * @param length how many reports in a row said the same
   * @param since when the first of them was made
   * @param answered whether it was ever reported to be well
   */
  public record Streak(PluginReport latest, int length, Instant since, boolean answered) {
    private static Streak first(PluginReport report) {
      return new Streak(report, 1, report.lastCheckedTime(), report.healthy());
    }

    private Streak after(PluginReport report) {
      if (!report.lastCheckedTime().isAfter(latest.lastCheckedTime())) {
        return this;
      }
      return report.healthy() == latest.healthy()
          ? new Streak(report, length + 1, since, answered)
          : new Streak(report, 1, report.lastCheckedTime(), true);
    }

    private boolean counts(boolean wasReady, boolean moving) {
      boolean starting =
          !latest.healthy()
              && (moving || !answered && !wasReady)
              && latest.lastCheckedTime().isBefore(since.plus(START));
      return length >= COUNTS && !starting;
    }
  }

  public PluginStreaks {
    streaks = Collections.unmodifiableSortedMap(new TreeMap<>(streaks));
  }

  /** The same, after these reports; what they do not speak of is forgotten. */
  public PluginStreaks after(SortedMap<String, NodeReport> reports) {
    SortedMap<PluginOnNode, Streak> next = new TreeMap<>();
    reports.forEach(
        (node, report) ->
            report
                .plugins()
                .forEach(
                    plugin -> {
                      PluginOnNode which = new PluginOnNode(node, plugin.keyId());
                      Streak streak = streaks.get(which);
                      next.put(which, streak == null ? Streak.first(plugin) : streak.after(plugin));
                    }));
    return new PluginStreaks(next);
  }

  /**
   * What is otherwise than was told last, and has been so for long enough.
   *
   * @param moving the nodes that have yet to apply the newest bundle
   */
  public List<Event> happenings(
      String clusterId, String component, History history, Set<String> moving) {
    List<Event> events = new ArrayList<>();
    for (Map.Entry<PluginOnNode, Streak> entry : streaks.entrySet()) {
      PluginOnNode which = entry.getKey();
      PluginReport latest = entry.getValue().latest();
      if (entry.getValue().counts(history.wasReady(which), moving.contains(which.node()))
          && history.degraded(which) == latest.healthy()) {
        events.add(event(clusterId, component, which, latest));
      }
    }
    return events;
  }

  private static Event event(
      String clusterId, String component, PluginOnNode which, PluginReport latest) {
    return latest.healthy()
        ? new PluginRecovered(
            clusterId, component, latest.lastCheckedTime(), which.node(), which.keyId())
        : new PluginDegraded(
            clusterId,
            component,
            latest.lastCheckedTime(),
            which.node(),
            which.keyId(),
            latest.status().name(),
            latest.detail());
  }
}
