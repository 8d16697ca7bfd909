package io.vaultkms.cli.status;

import com.fasterxml.jackson.annotation.JsonValue;
import io.vaultkms.model.node.NodeReport;
import io.vaultkms.model.status.StatusReport;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;

/** How it stands in one word, and the exit code that says so. */
enum Verdict {
  /** Everything is as wanted. */
  SETTLED("settled", 0),
  /** Something is under way that ends by itself, or nobody has looked yet. */
  IN_PROGRESS("in progress", 3),
  /** Someone has to see to it. */
  NEEDS_ATTENTION("needs attention", 4);

  /** A node reports every half minute: one that missed four reports is silent. */
  static final Duration SILENCE = Duration.ofMinutes(2);

  private final String words;
  private final int exitCode;

  Verdict(String words, int exitCode) {
    this.words = words;
    this.exitCode = exitCode;
  }

  @JsonValue
  String words() {
    return words;
  }

  int exitCode() {
    return exitCode;
  }

  /** The worst over all components. */
  static Verdict of(ClusterPicture picture, Instant now) {
    return picture.components().entrySet().stream()
        .map(entry -> of(entry.getValue(), picture.nodesOf(entry.getKey()).values(), now))
        .max(Enum::compareTo)
        .orElse(IN_PROGRESS);
  }

  static Verdict of(StatusReport status, Collection<NodeReport> nodes, Instant now) {
    if (needsAttention(status) || nodes.stream().anyMatch(node -> needsAttention(node, now))) {
      return NEEDS_ATTENTION;
    }
    return status.phase().equals("Settled") ? SETTLED : IN_PROGRESS;
  }

  private static boolean needsAttention(StatusReport status) {
    StatusReport.Configuration configuration = status.configuration();
    return (configuration != null && !configuration.violations().isEmpty())
        || status.phase().equals("Refused")
        || status.phase().equals("Blocked")
        || status.conditions().stream().anyMatch(Verdict::isBad)
        || (!status.runs().isEmpty() && status.runs().getFirst().state().equals("Failed"));
  }

  private static boolean isBad(StatusReport.Condition condition) {
    return (condition.type().endsWith("Degraded") && condition.status().equals("True"))
        || (condition.type().equals("ConfigurationAccepted") && condition.status().equals("False"));
  }

  private static boolean needsAttention(NodeReport node, Instant now) {
    return !node.apiServerReady()
        || isSilent(node, now)
        || node.plugins().stream().anyMatch(plugin -> !plugin.healthy());
  }

  static boolean isSilent(NodeReport node, Instant now) {
    return node.reportedTime().plus(SILENCE).isBefore(now);
  }
}
