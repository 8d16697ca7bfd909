package io.vaultkms.model.forecast;

import io.vaultkms.model.bundle.Bundle;
import io.vaultkms.model.config.KmsProvider;
import io.vaultkms.model.config.Mode;
import io.vaultkms.model.decision.Observation;
import io.vaultkms.model.decision.PreflightRequest;
import io.vaultkms.model.decision.Preflights;
import io.vaultkms.model.decision.Step;
import io.vaultkms.model.decision.Wanted;
import io.vaultkms.model.key.EncryptionKey;
import io.vaultkms.model.key.EncryptionKey.Migrated;
import io.vaultkms.model.node.NodeReport;
import io.vaultkms.model.node.NodeReport.PluginHealth;
import io.vaultkms.model.node.NodeReport.PluginReport;
import io.vaultkms.model.node.NodeReport.PreflightReport;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** An observation in which a step has gone well. */
final class Imagined {
  private static final String REQUEST = "imagined";

  private final Observation seen;
  private List<EncryptionKey> keys;
  private Optional<Bundle.Revisioned> bundle;
  private SortedMap<String, NodeReport> reports;
  private Optional<PreflightRequest> preflight;

  private Imagined(Observation seen) {
    this.seen = seen;
    this.keys = seen.keys();
    this.bundle = seen.bundle();
    this.reports = seen.reports();
    this.preflight = seen.preflight();
  }

  /** What is observed after the step; empty when nothing comes after it by itself. */
  static Optional<Observation> after(Observation seen, Step step) {
    Imagined after = new Imagined(seen);
    boolean goesOn =
        switch (step) {
          case Step.Preflight asked -> after.tried(asked.keyId(), asked.hash());
          case Step.MintKey minted -> after.minted(minted);
          case Step.UpdateKey updated -> after.updated(updated);
          case Step.RollOut out -> after.rolledOut(out.bundle());
          case Step.Migrate migrated -> after.migrated(migrated);
          case Step.PruneKeys pruned -> after.pruned(pruned.keyIds());
          case Step.WithdrawKey withdrawn -> after.withdrawn(withdrawn.keyId());
          // What is in a Secret that is lost or foreign, nobody knows yet.
          case Step.Restore _, Step.Adopt _ -> false;
          case Step.Await await -> after.waited(await);
          case Step.Refuse _, Step.Blocked _, Step.Settled _ -> false;
        };
    return goesOn ? Optional.of(after.observation()) : Optional.empty();
  }

  private Observation observation() {
    return new Observation(
        seen.component(),
        seen.wanted(),
        keys,
        bundle,
        seen.expectedNodes(),
        reports,
        preflight,
        seen.now(),
        seen.limits(),
        seen.appeared(),
        seen.salvage(),
        seen.renewed());
  }

  /** Every node says yes to a request for this. */
  private boolean tried(long keyId, String hash) {
    preflight =
        Optional.of(
            new PreflightRequest(REQUEST, keyId, hash, Optional.empty(), Preflights.refused(seen)));
    PreflightReport passed =
        new PreflightReport(REQUEST, hash, true, "", "", null, 0, 0, 0, seen.now());
    onEveryNode(report -> with(report, report.convergedRevision(), report.plugins(), passed));
    return true;
  }

  private boolean minted(Step.MintKey minted) {
    List<EncryptionKey> more = new ArrayList<>(keys);
    more.add(
        new EncryptionKey(
            minted.keyId(),
            minted.mode(),
            minted.mode() == Mode.KMS ? provider() : Optional.empty(),
            minted.mode() == Mode.KMS ? hash() : Optional.empty(),
            "",
            Migrated.NOTHING));
    keys = more;
    preflight = Optional.empty();
    return true;
  }

  private boolean updated(Step.UpdateKey updated) {
    replace(
        updated.keyId(),
        key ->
            new EncryptionKey(
                key.id(),
                key.mode(),
                hash().equals(Optional.of(updated.hash())) ? provider() : key.kms(),
                Optional.of(updated.hash()),
                key.externalReason(),
                key.migrated(),
                key.marks()));
    preflight = Optional.empty();
    return true;
  }

  private boolean rolledOut(Bundle next) {
    bundle =
        Optional.of(
            new Bundle.Revisioned(
                revision() + 1, next, Optional.of(seen.now()), seen.nextKeyId() - 1));
    return converged();
  }

  private boolean migrated(Step.Migrate migrated) {
    Optional<String> remote = newestRemoteKey(migrated.keyId());
    replace(
        migrated.keyId(),
        key -> {
          SortedSet<String> resources = new TreeSet<>(key.migrated().resources());
          resources.addAll(migrated.resources());
          return new EncryptionKey(
              key.id(),
              key.mode(),
              key.kms(),
              key.hash(),
              key.externalReason(),
              new Migrated(resources, Optional.of(seen.now()), remote),
              key.marks());
        });
    return true;
  }

  private boolean withdrawn(long keyId) {
    replace(
        keyId,
        key ->
            new EncryptionKey(
                key.id(),
                key.mode(),
                key.kms(),
                key.hash(),
                key.externalReason(),
                key.migrated(),
                Set.of(EncryptionKey.Mark.WITHDRAWN)));
    return true;
  }

  private boolean pruned(SortedSet<Long> gone) {
    keys = keys.stream().filter(key -> !gone.contains(key.id())).toList();
    return true;
  }

  /** What is waited for comes; a second wait for the same would never end. */
  private boolean waited(Step.Await await) {
    return switch (await.what()) {
      case CONVERGENCE -> converged();
      case REMOTE_ROTATION -> rotated();
      case PREFLIGHT ->
          seen.preflight().isPresent()
              && !seen.preflight().get().id().equals(REQUEST)
              && tried(seen.preflight().get().keyId(), seen.preflight().get().hash());
    };
  }

  private boolean converged() {
    long revision = revision();
    onEveryNode(report -> with(report, revision, report.plugins(), report.preflight()));
    return true;
  }

  /** Every node has long reported the remote key id that is the newest now. */
  private boolean rotated() {
    long keyId = keys.getLast().id();
    Optional<String> remote = newestRemoteKey(keyId);
    Instant longAgo = seen.now().minus(seen.limits().rotationSettle()).minusSeconds(1);
    onEveryNode(
        report -> {
          List<PluginReport> plugins = new ArrayList<>(report.plugins());
          plugins.removeIf(plugin -> plugin.keyId() == keyId);
          plugins.add(
              new PluginReport(
                  keyId, PluginHealth.HEALTHY, remote.orElse(null), longAgo, seen.now(), ""));
          return with(report, report.convergedRevision(), plugins, report.preflight());
        });
    return remote.isPresent();
  }

  private Optional<String> newestRemoteKey(long keyId) {
    return reports.values().stream()
        .flatMap(report -> report.plugin(keyId).stream())
        .filter(plugin -> plugin.healthy() && plugin.remoteKeyId() != null)
        .max(Comparator.comparing(Imagined::since))
        .map(PluginReport::remoteKeyId);
  }

  private static Instant since(PluginReport plugin) {
    return plugin.remoteKeyIdTime() == null ? Instant.MIN : plugin.remoteKeyIdTime();
  }

  private Optional<KmsProvider> provider() {
    return seen.wanted() instanceof Wanted.Remote remote
        ? Optional.of(remote.provider())
        : Optional.empty();
  }

  private Optional<String> hash() {
    return seen.wanted() instanceof Wanted.Remote remote ? remote.hash() : Optional.empty();
  }

  private long revision() {
    return bundle.map(Bundle.Revisioned::revision).orElse(0L);
  }

  private void replace(long keyId, UnaryOperator<EncryptionKey> change) {
    keys = keys.stream().map(key -> key.id() == keyId ? change.apply(key) : key).toList();
  }

  /** A node that has never reported, or long not, does so now. */
  private void onEveryNode(UnaryOperator<NodeReport> change) {
    SortedMap<String, NodeReport> changed = new TreeMap<>(reports);
    for (String node : seen.expectedNodes()) {
      NodeReport report = reports.getOrDefault(node, silent());
      changed.put(node, change.apply(report));
    }
    reports = changed;
  }

  private NodeReport silent() {
    return new NodeReport(
        seen.component().name(), 0, 0, null, null, true, List.of(), null, seen.now(), "");
  }

  private NodeReport with(
      NodeReport report,
      long revision,
      List<PluginReport> plugins,
      @Nullable PreflightReport verdict) {
    return new NodeReport(
        report.component(),
        revision,
        revision,
        seen.now(),
        report.configHash(),
        true,
        plugins,
        verdict,
        seen.now(),
        "");
  }
}
