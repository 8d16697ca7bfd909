package io.vaultkms.cli.status;

import io.vaultkms.cli.command.LengthOfTime;
import io.vaultkms.cli.command.Printable;
import io.vaultkms.model.node.NodeReport;
import io.vaultkms.model.node.NodeReport.PluginReport;
import io.vaultkms.model.status.StatusReport;
import io.vaultkms.model.status.StatusReport.Run;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The picture of a cluster as lines for people. Pure: the same picture and time, the same lines.
 */
final class StatusText {
  private final Instant now;
  private final List<String> lines = new ArrayList<>();

  private StatusText(Instant now) {
    this.now = now;
  }

  static List<String> of(ClusterPicture picture, Instant now) {
    StatusText text = new StatusText(now);
    if (picture.components().isEmpty()) {
      text.lines.add(
          "Nothing is reported yet: health-monitor has not written an EncryptionStatus.");
      text.orphans(picture);
    }
    picture
        .components()
        .forEach((name, status) -> text.component(name, status, picture.nodesOf(name)));
    return List.copyOf(text.lines);
  }

  private void orphans(ClusterPicture picture) {
    if (!picture.nodes().isEmpty()) {
      nodes(picture.nodes(), 0);
    }
  }

  private void component(String name, StatusReport status, SortedMap<String, NodeReport> nodes) {
    if (!lines.isEmpty()) {
      lines.add("");
    }
    Verdict verdict = Verdict.of(status, nodes.values(), now);
    lines.add("%s: %s, %s".formatted(Printable.line(name), status.phase(), verdict.words()));
    if (!status.message().isEmpty()) {
      lines.add("  " + Printable.line(status.message()));
    }
    facts(status);
    if (!nodes.isEmpty()) {
      nodes(nodes, status.revision());
    }
    runs(status.runs());
    conditions(status);
  }

  private void facts(StatusReport status) {
    Table table = new Table("  ");
    table.row("mode", status.mode());
    table.row(
        "keys",
        "write %s, read %s, newest %s"
            .formatted(
                key(status.writeKeyId()),
                status.readKeyIds().isEmpty() ? "none" : join(status.readKeyIds()),
                key(status.keyId())));
    table.row("revision", status.revision() == 0 ? "none" : status.revision());
    StatusReport.Nodes nodes = status.nodes();
    if (nodes != null) {
      table.row("nodes", "%d of %d converged".formatted(nodes.converged(), nodes.total()));
    }
    StatusReport.Configuration configuration = status.configuration();
    if (configuration != null) {
      table.row("configuration", judgement(configuration));
    }
    lines.addAll(table.lines());
    if (configuration != null) {
      configuration
          .violations()
          .forEach(violation -> lines.add("    " + Printable.line(violation.toString())));
    }
  }

  private static String judgement(StatusReport.Configuration configuration) {
    int violations = configuration.violations().size();
    String verdict;
    if (violations > 0) {
      verdict =
          violations == 1 ? "rejected, 1 violation" : "rejected, " + violations + " violations";
    } else {
      verdict = configuration.accepted() ? "accepted" : "not judged yet";
    }
    return "%s (generation %d)".formatted(verdict, configuration.observedGeneration());
  }

  private void nodes(SortedMap<String, NodeReport> nodes, long revision) {
    Table table = new Table("    ");
    table.row("NODE", "REVISION", "API SERVER", "PLUGIN", "HEALTH", "REMOTE KEY", "REPORTED");
    List<String> complaints = new ArrayList<>();
    nodes.forEach(
        (name, report) -> {
          node(table, name, report, revision);
          complaints(complaints, name, report);
        });
    lines.add("");
    lines.addAll(table.lines());
    lines.addAll(complaints);
  }

  private void node(Table table, String name, NodeReport report, long revision) {
    String applied = report.convergedRevision() == 0 ? "none" : "" + report.convergedRevision();
    boolean behind = report.convergedRevision() != revision && revision != 0;
    String ready = report.apiServerReady() ? "ready" : "not ready";
    String reported =
        ago(report.reportedTime()) + (Verdict.isSilent(report, now) ? ", silent" : "");
    String shown = behind ? applied + " (behind)" : applied;
    if (report.plugins().isEmpty()) {
      table.row(name, shown, ready, "-", "-", "-", reported);
    }
    boolean first = true;
    for (PluginReport plugin : report.plugins()) {
      table.row(
          first ? name : "",
          first ? shown : "",
          first ? ready : "",
          "key " + plugin.keyId(),
          health(plugin),
          shorten(plugin.remoteKeyId()),
          first ? reported : "");
      first = false;
    }
  }

  private static void complaints(List<String> complaints, String name, NodeReport report) {
    if (!report.message().isEmpty()) {
      complaints.add("    %s: %s".formatted(name, Printable.line(report.message())));
    }
    for (PluginReport plugin : report.plugins()) {
      if (!plugin.healthy() && !plugin.detail().isEmpty()) {
        complaints.add(
            "    %s, plugin of key %d: %s"
                .formatted(name, plugin.keyId(), Printable.line(plugin.detail())));
      }
    }
  }

  private void runs(List<Run> runs) {
    if (runs.isEmpty()) {
      return;
    }
    Table table = new Table("    ");
    table.row("MIGRATION", "STATE", "DONE", "STARTED", "TOOK");
    for (Run run : runs) {
      Instant started = run.startedTime();
      table.row(
          "to key " + run.keyId(), run.state(), progress(run), time(started), took(run, started));
    }
    lines.add("");
    lines.addAll(table.lines());
  }

  private String took(Run run, @Nullable Instant started) {
    if (started == null) {
      return "-";
    }
    Instant finished = run.finishedTime();
    return LengthOfTime.write(Duration.between(started, finished == null ? now : finished));
  }

  private static String progress(Run run) {
    String counts = String.format(Locale.ROOT, "%,d of %,d", run.done(), run.total());
    return run.total() > 0 ? counts + " (" + 100 * run.done() / run.total() + " %)" : counts;
  }

  private void conditions(StatusReport status) {
    if (status.conditions().isEmpty()) {
      return;
    }
    Table table = new Table("    ");
    table.row("CONDITION", "STATUS", "SINCE", "REASON", "MESSAGE");
    for (StatusReport.Condition condition : status.conditions()) {
      table.row(
          condition.type(),
          condition.status(),
          time(condition.lastTransitionTime()),
          condition.reason(),
          condition.message());
    }
    lines.add("");
    lines.addAll(table.lines());
  }

  private static String key(long id) {
    return id == 0 ? "none" : "" + id;
  }

  private static String join(List<Long> ids) {
    return ids.stream().map(String::valueOf).collect(Collectors.joining(", "));
  }

  private static String health(PluginReport plugin) {
    return switch (plugin.status()) {
      case HEALTHY -> "Healthy";
      case UNHEALTHY -> "Unhealthy";
      case ERROR -> "Error";
    };
  }

  private static String shorten(@Nullable String remoteKeyId) {
    if (remoteKeyId == null || remoteKeyId.isEmpty()) {
      return "-";
    }
    return remoteKeyId.length() <= 40 ? remoteKeyId : remoteKeyId.substring(0, 39) + "…";
  }

  private String ago(Instant time) {
    return LengthOfTime.write(Duration.between(time, now)) + " ago";
  }

  private static String time(@Nullable Instant time) {
    return time == null ? "-" : time.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
