package io.vaultkms.model.decision;

import io.vaultkms.model.bundle.Bundle;
import io.vaultkms.model.bundle.ResourceKeys;
import io.vaultkms.model.config.Mode;
import io.vaultkms.model.config.Violation;
import io.vaultkms.model.key.EncryptionKey;
import io.vaultkms.model.key.EncryptionKey.Migrated;
import io.vaultkms.model.node.NodeReport;
import io.vaultkms.model.node.NodeReport.PluginHealth;
import io.vaultkms.model.node.NodeReport.PluginReport;
import io.vaultkms.model.node.NodeReport.PreflightReport;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * A cluster as the decision sees it, told in few words. It begins in plaintext with three nodes,
 * and whatever bundle it is given has converged unless the next words say otherwise.
 */
final class World {
  static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Instant LONG_AGO = NOW.minus(Duration.ofHours(1));

  private Component component = Component.KUBE_APISERVER;
  private Wanted wanted = Config.PLAIN.wanted(Optional.empty());
  private Optional<Bundle.Revisioned> bundle = Optional.empty();
  private Optional<PreflightRequest> preflight = Optional.empty();
  private final SortedMap<Long, EncryptionKey> keys = new TreeMap<>();
  private final SortedSet<String> nodes = new TreeSet<>();
  private final SortedMap<String, NodeReport> reports = new TreeMap<>();
  private final SortedMap<String, Instant> appeared = new TreeMap<>();
  private final SortedMap<Long, String> renewed = new TreeMap<>();
  private Salvage salvage = Salvage.NOTHING;

  private World() {}

  static World plain() {
    World world = new World();
    for (String node : List.of("node-1", "node-2", "node-3")) {
      world.nodes.add(node);
      world.reports.put(
          node,
          new NodeReport(
              "kube-apiserver", 0, 0, null, null, true, List.of(), null, NOW.minusSeconds(5), ""));
    }
    return world;
  }

  World wants(Config config) {
    wanted = config.wanted(Optional.of(config.hash()));
    return this;
  }

  /** As somebody sees it who may not read the Secret with the credentials. */
  World wantsUnread(Config config) {
    wanted = config.wanted(Optional.empty());
    return this;
  }

  World wantsNothingAtAll() {
    wanted = new Wanted.Absent();
    return this;
  }

  World wantsNonsense() {
    wanted = new Wanted.Invalid(3, List.of(new Violation("spec.encryption.type", "x", "must be")));
    return this;
  }

  World wantsWithoutItsSecret(Config config) {
    wanted =
        new Wanted.Incomplete(
            3,
            config.kms().orElseThrow(),
            List.of(new Violation("spec", "role", "must name a Secret")));
    return this;
  }

  World minted(long id, Config config) {
    return key(id, config, Migrated.NOTHING);
  }

  World migrated(long id, Config config) {
    return migrated(id, config, Duration.ofHours(1));
  }

  World migrated(long id, Config config, Duration ago) {
    Optional<String> remote = config.mode() == Mode.KMS ? Optional.of("v1") : Optional.empty();
    return key(
        id, config, new Migrated(component.resources(), Optional.of(NOW.minus(ago)), remote));
  }

  World migratedOnly(long id, Config config, String resource) {
    return key(
        id,
        config,
        new Migrated(new TreeSet<>(Set.of(resource)), Optional.of(LONG_AGO), Optional.of("v1")));
  }

  private World key(long id, Config config, Migrated migrated) {
    keys.put(
        id,
        new EncryptionKey(
            id, config.mode(), config.kms(), Optional.of(config.hash()), "", migrated));
    return this;
  }

  /** A key as OpenShift writes it: without a note of its hash. */
  World byOthers(long id) {
    EncryptionKey key = keys.get(id);
    keys.put(
        id,
        new EncryptionKey(
            id, key.mode(), key.kms(), Optional.empty(), "", withoutRemote(key.migrated())));
    return this;
  }

  private static Migrated withoutRemote(Migrated migrated) {
    return new Migrated(migrated.resources(), migrated.at(), Optional.empty());
  }

  World withoutKeySecret(long id) {
    keys.remove(id);
    return this;
  }

  /** As whoever may read the bundle's contents sees it. */
  World bundleHolds(Long... ids) {
    salvage = new Salvage(false, OptionalLong.empty(), false, new TreeSet<>(List.of(ids)));
    return this;
  }

  World newestCopy(long revision) {
    salvage = new Salvage(false, OptionalLong.of(revision), false, new TreeSet<>());
    return this;
  }

  World copyLost() {
    salvage = new Salvage(false, OptionalLong.empty(), true, new TreeSet<>());
    return this;
  }

  World foreignBundle() {
    salvage = Salvage.foreign(true, Optional.empty());
    return this;
  }

  /** Whoever may read what others wrote has said that it cannot be taken over. */
  World refused(String why) {
    salvage = Salvage.foreign(salvage.foreignBundle(), Optional.of(why));
    return this;
  }

  /** A key as OpenShift writes it: even its KMS configuration is only in its data. */
  World foreign(long id) {
    EncryptionKey key = keys.get(id);
    keys.put(
        id,
        new EncryptionKey(
            id, key.mode(), Optional.empty(), Optional.empty(), "", withoutRemote(key.migrated())));
    return this;
  }

  /** What a key has by its own configuration, with the contents that this refers to now. */
  World now(long id, Config config) {
    renewed.put(id, config.hash());
    return this;
  }

  /** The request that stands took its turn from one that a node refused. */
  World after(long key, Config refused) {
    preflight =
        preflight.map(
            known ->
                new PreflightRequest(
                    known.id(),
                    known.keyId(),
                    known.hash(),
                    known.asked(),
                    new TreeMap<>(Map.of(key, refused.hash()))));
    return this;
  }

  World withdrawn(long id) {
    return marked(id, EncryptionKey.Mark.WITHDRAWN);
  }

  /** Its Secret was lost and made anew: nobody knows what had been migrated to it. */
  World restored(long id, Config config) {
    return minted(id, config).marked(id, EncryptionKey.Mark.RESTORED);
  }

  private World marked(long id, EncryptionKey.Mark mark) {
    EncryptionKey key = keys.get(id);
    keys.put(
        id,
        new EncryptionKey(id, key.mode(), key.kms(), key.hash(), "", key.migrated(), Set.of(mark)));
    return this;
  }

  World withResource(String name) {
    SortedSet<String> more = new TreeSet<>(component.resources());
    more.add(name);
    component = new Component(component.name(), more);
    return this;
  }

  /** Keys newest first, the one that writes with a star: {@code "2* 1"}; all have their Secrets. */
  World bundle(String used) {
    SortedMap<String, ResourceKeys> resources = new TreeMap<>();
    component.resources().forEach(resource -> resources.put(resource, parse(used)));
    return bundle(resources);
  }

  World withoutBundle() {
    bundle = Optional.empty();
    return this;
  }

  /** The same, where one resource is apart from the others. */
  World bundleBut(String used, String apart, String itsKeys) {
    SortedMap<String, ResourceKeys> resources = new TreeMap<>();
    component.resources().forEach(resource -> resources.put(resource, parse(used)));
    resources.put(apart, parse(itsKeys));
    return bundle(resources);
  }

  private World bundle(SortedMap<String, ResourceKeys> resources) {
    SortedMap<Long, Bundle.KeyContent> contents = new TreeMap<>();
    for (ResourceKeys used : resources.values()) {
      for (long id : used.readKeys()) {
        EncryptionKey key = keys.get(id);
        contents.put(id, new Bundle.KeyContent(key.mode(), key.hash()));
      }
    }
    long revision = bundle.map(Bundle.Revisioned::revision).orElse(0L) + 1;
    bundle = Optional.of(new Bundle.Revisioned(revision, new Bundle(resources, contents)));
    List<PluginReport> plugins =
        contents.keySet().stream().map(id -> plugin(id, "v1", LONG_AGO)).toList();
    reports.replaceAll(
        (node, report) ->
            with(report, revision, plugins, report.preflight(), report.reportedTime()));
    return this;
  }

  private static ResourceKeys parse(String used) {
    OptionalLong write = OptionalLong.empty();
    SortedSet<Long> read = new TreeSet<>();
    for (String word : used.split(" ")) {
      if (!word.isEmpty()) {
        long id = Long.parseLong(word.replace("*", ""));
        read.add(id);
        write = word.endsWith("*") ? OptionalLong.of(id) : write;
      }
    }
    return new ResourceKeys(write, read);
  }

  World lagging(String... names) {
    return reported(
        List.of(names),
        report ->
            with(
                report,
                report.convergedRevision() - 1,
                report.plugins(),
                report.preflight(),
                report.reportedTime()));
  }

  World silentFor(Duration silence, String... names) {
    return reported(
        List.of(names),
        report ->
            with(
                report,
                report.convergedRevision(),
                report.plugins(),
                report.preflight(),
                NOW.minus(silence)));
  }

  World newNode(String name) {
    nodes.add(name);
    return this;
  }

  World newNode(String name, Duration ago) {
    appeared.put(name, NOW.minus(ago));
    return newNode(name);
  }

  /** A node that is gone for good, with what it reported. */
  World goneNode(String name) {
    nodes.remove(name);
    reports.remove(name);
    return this;
  }

  World rolledOut(Duration ago) {
    bundle =
        bundle.map(
            known ->
                new Bundle.Revisioned(
                    known.revision(), known.bundle(), Optional.of(NOW.minus(ago)), 0));
    return this;
  }

  /** The newest bundle knows that this number was given away once. */
  World highestKey(long number) {
    bundle =
        bundle.map(
            known ->
                new Bundle.Revisioned(known.revision(), known.bundle(), known.rolledOut(), number));
    return this;
  }

  World convergedFor(Duration time, String... names) {
    return reported(
        List.of(names),
        report ->
            new NodeReport(
                report.component(),
                report.observedRevision(),
                report.convergedRevision(),
                NOW.minus(time),
                null,
                true,
                report.plugins(),
                report.preflight(),
                report.reportedTime(),
                report.message()));
  }

  /** A node that is at work on the bundle since then, and says what it lacks. */
  World waitingFor(Duration time, String message, String... names) {
    return reported(
        List.of(names),
        report ->
            new NodeReport(
                report.component(),
                report.observedRevision(),
                0,
                null,
                null,
                true,
                report.plugins(),
                report.preflight(),
                report.reportedTime(),
                message,
                NOW.minus(time)));
  }

  World withoutNodes() {
    nodes.clear();
    reports.clear();
    return this;
  }

  World asked(String request, long key, Config config) {
    preflight = Optional.of(new PreflightRequest(request, key, config.hash(), Optional.of(NOW)));
    return this;
  }

  /** The request that stands has stood for so long. */
  World askedFor(Duration time) {
    preflight =
        preflight.map(
            asked ->
                new PreflightRequest(
                    asked.id(), asked.keyId(), asked.hash(), Optional.of(NOW.minus(time))));
    return this;
  }

  /** Nobody knows since when the request that stands does. */
  World askedAtSomeTime() {
    preflight =
        preflight.map(
            asked ->
                new PreflightRequest(asked.id(), asked.keyId(), asked.hash(), Optional.empty()));
    return this;
  }

  World passed(String request, String... names) {
    return passed(request, Duration.ofSeconds(5), names);
  }

  World passed(String request, Duration ago, String... names) {
    return verdict(List.of(names), request, true, "", ago);
  }

  World allPassed(String request) {
    return verdict(List.copyOf(nodes), request, true, "", Duration.ofSeconds(5));
  }

  World failed(String request, String node, String reason) {
    return verdict(List.of(node), request, false, reason, Duration.ofSeconds(5));
  }

  private World verdict(
      List<String> names, String request, boolean passed, String reason, Duration ago) {
    String step = passed ? "" : "Encrypt";
    PreflightReport verdict =
        new PreflightReport(request, "", passed, step, reason, "v1", 1, 1, 1, NOW.minus(ago));
    return reported(
        names,
        report ->
            with(
                report,
                report.convergedRevision(),
                report.plugins(),
                verdict,
                report.reportedTime()));
  }

  World remote(String remoteKeyId, Duration since, String... names) {
    return plugins(names, plugin -> plugin(plugin.keyId(), remoteKeyId, NOW.minus(since)));
  }

  World pluginFails(String... names) {
    return plugins(
        names,
        plugin ->
            new PluginReport(
                plugin.keyId(), PluginHealth.ERROR, null, null, NOW.minusSeconds(5), "no answer"));
  }

  private World plugins(String[] names, UnaryOperator<PluginReport> change) {
    return reported(
        Arrays.asList(names),
        report ->
            with(
                report,
                report.convergedRevision(),
                report.plugins().stream().map(change).toList(),
                report.preflight(),
                report.reportedTime()));
  }

  private World reported(List<String> names, UnaryOperator<NodeReport> change) {
    names.forEach(name -> reports.computeIfPresent(name, (node, report) -> change.apply(report)));
    return this;
  }

  private static PluginReport plugin(long id, String remote, Instant since) {
    return new PluginReport(id, PluginHealth.HEALTHY, remote, since, NOW.minusSeconds(5), "");
  }

  private static NodeReport with(
      NodeReport report,
      long converged,
      List<PluginReport> plugins,
      PreflightReport preflight,
      Instant reported) {
    return new NodeReport(
        report.component(),
        converged,
        converged,
        LONG_AGO,
        null,
        true,
        plugins,
        preflight,
        reported,
        report.message());
  }

  Observation seen() {
    return new Observation(
        component,
        wanted,
        List.copyOf(keys.values()),
        bundle,
        nodes,
        reports,
        preflight,
        NOW,
        Observation.Limits.DEFAULT,
        appeared,
        salvage,
        renewed);
  }
}
