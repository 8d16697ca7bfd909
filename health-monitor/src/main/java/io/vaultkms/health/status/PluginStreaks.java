package io.vaultkms.health.status;

import io.vaultkms.health.history.History;
import io.vaultkms.health.history.PluginOnNode;
import io.vaultkms.model.event.Event;
import io.vaultkms.model.event.PluginDegraded;
import io.vaultkms.model.event.PluginRecovered;
import io.vaultkms.model.node.NodeReport;
import io.vaultkms.model.node.NodeReport.PluginReport;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How often in a row each plugin was reported to be well or not. One report is a hiccup; the second
 * of its kind counts. Immutable.
 */
public record PluginStreaks(SortedMap<PluginOnNode, Streak> streaks) {
  private static final int COUNTS = 2;

  public static final PluginStreaks NONE = new PluginStreaks(new TreeMap<>());

  /**
   * @param latest the last report of the streak
   * @param length how many reports in a row said the same
   */
  public record Streak(PluginReport latest, int length) {
    private Streak after(PluginReport report) {
      if (!report.lastCheckedTime().isAfter(latest.lastCheckedTime())) {
        return this;
      }
      return new Streak(report, report.healthy() == latest.healthy() ? length + 1 : 1);
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
                      next.put(
                          which, streak == null ? new Streak(plugin, 1) : streak.after(plugin));
                    }));
    return new PluginStreaks(next);
  }

  /** What is otherwise than was told last, and has been so for long enough. */
  public List<Event> happenings(String clusterId, String component, History history) {
    List<Event> events = new ArrayList<>();
    for (Map.Entry<PluginOnNode, Streak> entry : streaks.entrySet()) {
      PluginOnNode which = entry.getKey();
      PluginReport latest = entry.getValue().latest();
      // One that has never answered is not broken but not there yet: its rollout waits for it.
      boolean known = latest.healthy() || latest.remoteKeyId() != null;
      if (known
          && entry.getValue().length() >= COUNTS
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
