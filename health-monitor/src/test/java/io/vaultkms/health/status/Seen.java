package io.vaultkms.health.status;

import io.vaultkms.model.bundle.Bundle;
import io.vaultkms.model.config.KmsSpec;
import io.vaultkms.model.config.Mode;
import io.vaultkms.model.config.NameReference;
import io.vaultkms.model.config.VaultSpec;
import io.vaultkms.model.config.Violation;
import io.vaultkms.model.decision.Component;
import io.vaultkms.model.decision.Observation;
import io.vaultkms.model.decision.PreflightRequest;
import io.vaultkms.model.decision.Wanted;
import io.vaultkms.model.key.EncryptionKey;
import io.vaultkms.model.node.NodeReport;
import io.vaultkms.model.node.NodeReport.PluginHealth;
import io.vaultkms.model.node.NodeReport.PluginReport;
import io.vaultkms.model.node.NodeReport.PreflightReport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A cluster as health-monitor sees it, two nodes, moved along its road step by step. Changes itself
 * and gives itself back.
 */
final class Seen {
  static final Instant NOON = Instant.parse("2026-11-23T12:00:00Z");
  static final Set<String> RESOURCES = Component.KUBE_APISERVER.resources();
  static final List<String> NODES = List.of("n1", "n2");
  static final String HASH = "hash-one";

  private Wanted wanted = new Wanted.Absent();
  private final SortedMap<Long, EncryptionKey> keys = new TreeMap<>();
  private Optional<Bundle.Revisioned> bundle = Optional.empty();
  private Optional<PreflightRequest> preflight = Optional.empty();
  private final SortedMap<String, NodeReport> reports = new TreeMap<>();
  private Instant now = NOON;

  Seen() {
    NODES.forEach(node -> reports.put(node, report(0, List.of(), null)));
  }

  static VaultSpec vault(String image) {
    return new VaultSpec(
        image,
        "https://vault.example.com:8200",
        null,
        null,
        "transit/keys/my-key",
        null,
        new VaultSpec.Authentication(
            VaultSpec.Authentication.APP_ROLE,
            new VaultSpec.AppRole(new NameReference("vault-approle"))));
  }

  Seen wantsKms() {
    return wantsKms("image-1");
  }

  Seen wantsKms(String image) {
    wanted = new Wanted.Remote(wanted.generation() + 1, vault(image), Optional.empty());
    return this;
  }

  Seen wantsNonsense() {
    wanted =
        new Wanted.Invalid(
            wanted.generation() + 1,
            List.of(
                new Violation("spec.encryption.type", "KMZ", "must be a mode"),
                new Violation("spec.encryption.kms", "", "must not be set")));
    return this;
  }

  Seen hasPreflight(String hash) {
    return hasPreflight(hash, keys.isEmpty() ? 1 : keys.lastKey());
  }

  Seen hasPreflight(String hash, long key) {
    preflight = Optional.of(new PreflightRequest("request-" + hash, key, hash, Optional.of(now)));
    return this;
  }

  Seen preflightFails(String node, String step, String reason) {
    PreflightRequest request = preflight.orElseThrow();
    PreflightReport verdict =
        new PreflightReport(request.id(), request.hash(), false, step, reason, null, 1, 0, 0, now);
    reports.compute(node, (n, old) -> report(old.convergedRevision(), old.plugins(), verdict));
    return this;
  }

  Seen hasKey(long id) {
    return hasKey(id, HASH);
  }

  Seen hasKey(long id, String hash) {
    keys.put(
        id,
        new EncryptionKey(
            id,
            Mode.KMS,
            Optional.of(new KmsSpec(KmsSpec.VAULT, vault("image-1"))),
            Optional.of(hash),
            "",
            EncryptionKey.Migrated.NOTHING));
    preflight = Optional.empty();
    return this;
  }

  Seen hasBundle(long revision, Bundle content) {
    bundle = Optional.of(new Bundle.Revisioned(revision, content));
    return this;
  }

  Seen reads(long revision, long key) {
    return hasBundle(
        revision,
        bundle
            .map(Bundle.Revisioned::bundle)
            .orElse(Bundle.EMPTY)
            .withReadKey(RESOURCES, key, new Bundle.KeyContent(Mode.KMS, keys.get(key).hash())));
  }

  Seen writes(long revision, long key) {
    return hasBundle(revision, bundle.orElseThrow().bundle().withWriteKey(RESOURCES, key));
  }

  /** Every node shows the newest revision, and its plugins answer. */
  Seen converges() {
    NODES.forEach(this::converges);
    return this;
  }

  Seen converges(String node) {
    Bundle.Revisioned newest = bundle.orElseThrow();
    List<PluginReport> plugins = new ArrayList<>();
    newest.bundle().keys().keySet().forEach(key -> plugins.add(healthy(key, "remote-1")));
    reports.put(node, report(newest.revision(), plugins, null));
    return this;
  }

  Seen plugin(String node, PluginReport plugin) {
    reports.compute(node, (n, old) -> report(old.convergedRevision(), List.of(plugin), null));
    return this;
  }

  PluginReport healthy(long key, String remoteKey) {
    return new PluginReport(key, PluginHealth.HEALTHY, remoteKey, NOON, now, "");
  }

  PluginReport failing(long key) {
    return new PluginReport(key, PluginHealth.ERROR, null, null, now, "does not answer");
  }

  Seen migrated(long key, String... resources) {
    EncryptionKey old = keys.get(key);
    keys.put(
        key,
        new EncryptionKey(
            old.id(),
            old.mode(),
            old.kms(),
            old.hash(),
            "",
            new EncryptionKey.Migrated(
                new TreeSet<>(List.of(resources)), Optional.of(now), Optional.of("remote-1"))));
    return this;
  }

  /** All of the road: encrypted with key 1 at revision 2. */
  Seen settled() {
    return wantsKms()
        .hasKey(1)
        .reads(1, 1)
        .writes(2, 1)
        .converges()
        .migrated(1, RESOURCES.toArray(String[]::new));
  }

  /** On from there, to key 2 at revision 4; key 1 is kept for backups. */
  Seen moved() {
    return settled()
        .hasKey(2)
        .reads(3, 2)
        .writes(4, 2)
        .converges()
        .migrated(2, RESOURCES.toArray(String[]::new));
  }

  Seen later(Duration time) {
    now = now.plus(time);
    return this;
  }

  /** Every node reports again what it said. */
  Seen reportsAgain() {
    reports.replaceAll(
        (node, old) -> report(old.convergedRevision(), old.plugins(), old.preflight()));
    return this;
  }

  private NodeReport report(
      long revision, List<PluginReport> plugins, PreflightReport preflightReport) {
    return new NodeReport(
        Component.KUBE_APISERVER.name(),
        revision,
        revision,
        now,
        "sha256:" + revision,
        true,
        plugins,
        preflightReport,
        now,
        "");
  }

  SortedMap<String, NodeReport> reports() {
    return reports;
  }

  Instant now() {
    return now;
  }

  Observation look() {
    return new Observation(
        Component.KUBE_APISERVER,
        wanted,
        List.copyOf(keys.values()),
        bundle,
        new TreeSet<>(NODES),
        reports,
        preflight,
        now,
        Observation.Limits.DEFAULT);
  }
}
