package io.vaultkms.model.decision;

import io.vaultkms.model.bundle.Bundle;
import io.vaultkms.model.key.EncryptionKey;
import io.vaultkms.model.node.NodeReport;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;

/**
 * All that is seen of one component of one cluster, and all that a decision may rest on.
 *
 * @param keys every key that has a key Secret
 * @param bundle the newest one; empty when the component has never had any
 * @param expectedNodes the nodes that run an API server of this component
 * @param reports what they say, by node
 * @param preflight the request that stands; empty when none does
 * @param now the caller's clock
 * @param limits what the caller was configured to wait for
 * @param appeared when a node came to be, where that is known
 * @param salvage what has to be taken over or put back before anything else
 * @param renewed for KMS keys of the newest bundle, the handshake of their own configuration with
 *     the contents that it refers to as the cluster has them now; a key is missing when some of
 *     them are, and all are for an observer that may not read contents
 */
public record Observation(
    Component component,
    Wanted wanted,
    List<EncryptionKey> keys,
    Optional<Bundle.Revisioned> bundle,
    SortedSet<String> expectedNodes,
    SortedMap<String, NodeReport> reports,
    Optional<PreflightRequest> preflight,
    Instant now,
    Limits limits,
    SortedMap<String, Instant> appeared,
    Salvage salvage,
    SortedMap<Long, String> renewed) {

  /**
   * @param staleReport a report older than this says nothing any more
   * @param rotationSettle how long every node must report the same new remote key id before data is
   *     rewritten for it: the API servers ask their plugins once a minute
   * @param localKeyLife how long after its migration a key of a local mode is replaced
   * @param stalledRollout how long a rollout or a preflight may make no progress on any node before
   *     a person is told, and a read key that is not wanted any more is withdrawn
   */
  public record Limits(
      Duration staleReport,
      Duration rotationSettle,
      Duration localKeyLife,
      Duration stalledRollout) {
    public static final Limits DEFAULT =
        new Limits(
            Duration.ofMinutes(2),
            Duration.ofMinutes(3),
            Duration.ofDays(7),
            Duration.ofMinutes(10));

    /** The same, with another limit for rollouts. */
    public Limits withStalledRollout(Duration limit) {
      return new Limits(staleReport, rotationSettle, localKeyLife, limit);
    }
  }

  public Observation {
    keys = keys.stream().sorted(Comparator.comparingLong(EncryptionKey::id)).toList();
    expectedNodes = Collections.unmodifiableSortedSet(new TreeSet<>(expectedNodes));
    reports = Collections.unmodifiableSortedMap(new TreeMap<>(reports));
    appeared = Collections.unmodifiableSortedMap(new TreeMap<>(appeared));
    renewed = Collections.unmodifiableSortedMap(new TreeMap<>(renewed));
  }

  /** Nothing is lost or foreign; how old a node is and what keys refer to, nobody knows. */
  public Observation(
      Component component,
      Wanted wanted,
      List<EncryptionKey> keys,
      Optional<Bundle.Revisioned> bundle,
      SortedSet<String> expectedNodes,
      SortedMap<String, NodeReport> reports,
      Optional<PreflightRequest> preflight,
      Instant now,
      Limits limits) {
    this(
        component,
        wanted,
        keys,
        bundle,
        expectedNodes,
        reports,
        preflight,
        now,
        limits,
        new TreeMap<>(),
        Salvage.NOTHING,
        new TreeMap<>());
  }

  /** The same, where something else is wanted. */
  public Observation withWanted(Wanted other) {
    return new Observation(
        component,
        other,
        keys,
        bundle,
        expectedNodes,
        reports,
        preflight,
        now,
        limits,
        appeared,
        salvage,
        renewed);
  }

  /** The same, where the nodes report otherwise. */
  public Observation withReports(SortedMap<String, NodeReport> other) {
    return new Observation(
        component,
        wanted,
        keys,
        bundle,
        expectedNodes,
        other,
        preflight,
        now,
        limits,
        appeared,
        salvage,
        renewed);
  }

  /** The same, seen by somebody who knows more of what is lost. */
  public Observation withSalvage(Salvage known) {
    return new Observation(
        component,
        wanted,
        keys,
        bundle,
        expectedNodes,
        reports,
        preflight,
        now,
        limits,
        appeared,
        known,
        renewed);
  }

  /** The same, seen by somebody who may read what the keys refer to. */
  public Observation withRenewed(SortedMap<Long, String> read) {
    return new Observation(
        component,
        wanted,
        keys,
        bundle,
        expectedNodes,
        reports,
        preflight,
        now,
        limits,
        appeared,
        salvage,
        read);
  }

  /** The key with the highest number that is not withdrawn; empty when there is none. */
  public Optional<EncryptionKey> newestKey() {
    return keys.reversed().stream().filter(key -> !isWithdrawn(key)).findFirst();
  }

  /**
   * Whether a key does not count any more. The mark alone does not say so: whoever set it may have
   * been overtaken by a rollout that made the key write, and from then on it is a key like any
   * other, also when a newer one writes in its stead.
   */
  public boolean isWithdrawn(EncryptionKey key) {
    return key.is(EncryptionKey.Mark.WITHDRAWN) && currentBundle().newestWriteKey() < key.id();
  }

  /**
   * Whether a key keeps its own configuration, whatever is wanted, and gets new contents of what
   * that refers to: every one of the bundle does but the newest, and that one too while what is
   * wanted is for another remote key.
   */
  public boolean keepsItsOwn(long keyId) {
    boolean asWanted =
        newestKey()
            .filter(key -> key.id() == keyId)
            .filter(key -> WantedKey.keeps(key, wanted))
            .isPresent();
    return currentBundle().keys().containsKey(keyId) && !asWanted;
  }

  public Optional<EncryptionKey> key(long id) {
    return keys.stream().filter(key -> key.id() == id).findFirst();
  }

  /** What the newest bundle says; an empty one when there is none. */
  public Bundle currentBundle() {
    return bundle.map(Bundle.Revisioned::bundle).orElse(Bundle.EMPTY);
  }

  /**
   * The number that the next key gets: above every number that any Secret, bundle or node knows,
   * and above those that the newest bundle knows to have been given away, so that a key that may
   * ever have written is never confused with another.
   */
  public long nextKeyId() {
    LongStream known =
        LongStream.concat(
            LongStream.concat(
                keys.stream().mapToLong(EncryptionKey::id),
                bundle.stream().mapToLong(Bundle.Revisioned::highestKey)),
            LongStream.concat(
                currentBundle().keys().keySet().stream().mapToLong(Long::longValue),
                reports.values().stream()
                    .flatMap(report -> report.plugins().stream())
                    .mapToLong(NodeReport.PluginReport::keyId)));
    return known.max().orElse(0) + 1;
  }

  /** A report that is there and not too old to count. */
  Optional<NodeReport> freshReport(String node) {
    return Optional.ofNullable(reports.get(node))
        .filter(report -> !report.reportedTime().isBefore(now.minus(limits.staleReport())));
  }
}
