package io.vaultkms.deployer.agent;

import io.fabric8.kubernetes.api.model.Secret;
import io.vaultkms.deployer.agent.Probe.Result;
import io.vaultkms.deployer.contract.KeyData;
import io.vaultkms.model.node.NodeReport;
import io.vaultkms.model.node.NodeReport.PreflightReport;
import io.vaultkms.platform.cluster.Contract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries a configuration where it is to serve: a plugin of its own, beside those that serve, until a
 * round trip succeeds or the request goes. A failure is reported and tried again, since what is
 * wrong may be mended in Vault, where nobody tells us. For one thread.
 */
final class PreflightTrial {
  private static final Logger LOG = LoggerFactory.getLogger(PreflightTrial.class);
  private static final String PREFIX = "vault-kms-preflight-";

  /** How long a plugin may take until it answers at all. */
  private static final Duration START_LIMIT = Duration.ofSeconds(30);

  /** How many times a plugin must say the same kind of no before it is believed. */
  private static final int ANSWERS_BELIEVED = 3;

  private final HostPaths paths;
  private final Probe probe;
  private final Clock clock;
  private @Nullable PreflightReport verdict;
  private String tried = "";
  private Instant started = Instant.MAX;
  private int refusals;

  PreflightTrial(HostPaths paths, Probe probe, Clock clock, @Nullable NodeReport previous) {
    this.paths = paths;
    this.probe = probe;
    this.clock = clock;
    this.verdict = previous == null ? null : previous.preflight();
  }

  /** Goes on with the request that stands. */
  void look(Optional<Secret> request) throws IOException {
    if (request.isEmpty()) {
      end();
      return;
    }
    String id = request.get().getMetadata().getUid();
    if (verdict != null && verdict.requestId().equals(id) && verdict.passed()) {
      removeCandidates();
      return;
    }
    if (!id.equals(tried)) {
      begin(id);
    }
    go(id, request.get());
  }

  /** The last verdict, whatever it was for; missing when there is none. */
  @Nullable PreflightReport verdict() {
    return verdict;
  }

  /** Whether a verdict is still being worked on. */
  boolean underWay() {
    return !tried.isEmpty() && (verdict == null || !verdict.passed());
  }

  private void begin(String id) throws IOException {
    removeCandidates();
    tried = id;
    started = clock.instant();
    refusals = 0;
    verdict = null;
  }

  private void go(String id, Secret request) throws IOException {
    Map<String, String> annotations = request.getMetadata().getAnnotations();
    long keyId = Long.parseLong(annotations.get(Contract.KEY_ID));
    String hash = annotations.get(Contract.HANDSHAKE);
    PluginPod candidate = PluginPod.candidate(paths, keyId, KeyData.fromSecret(request.getData()));
    // The time makes each trial another pod: a kubelet that missed that the last one went would
    // leave its plugin running, which is not believed.
    if (candidate.write(paths, hash + "-" + started.toEpochMilli())) {
      LOG.info("preflight of configuration {} begins", hash);
    }
    switch (ask(candidate)) {
      case Result.Passed passed -> {
        verdict = passed(id, hash, passed);
        removeCandidates();
        LOG.info("preflight of configuration {} passed", hash);
      }
      case Result.Failed failed -> refused(id, hash, failed);
    }
  }

  /** The candidate of an earlier request may still run, and its answer is about another one. */
  private Result ask(PluginPod candidate) throws IOException {
    return candidate.startedSinceManifest(paths)
        ? probe.ask(candidate.socket())
        : new Result.Failed("Start", "the plugin has not opened its socket", false);
  }

  private void refused(String id, String hash, Result.Failed failed) {
    refusals = failed.reachable() ? refusals + 1 : 0;
    boolean late = clock.instant().isAfter(started.plus(START_LIMIT));
    if (refusals < ANSWERS_BELIEVED && !late) {
      return;
    }
    if (verdict == null || !verdict.reason().equals(failed.reason())) {
      LOG.warn(
          "preflight of configuration {} failed at {}: {}", hash, failed.step(), failed.reason());
      verdict =
          new PreflightReport(
              id, hash, false, failed.step(), failed.reason(), null, 0, 0, 0, clock.instant());
    }
  }

  private PreflightReport passed(String id, String hash, Result.Passed passed) {
    return new PreflightReport(
        id,
        hash,
        true,
        "",
        "",
        passed.remoteKeyId(),
        passed.statusMillis(),
        passed.encryptMillis(),
        passed.decryptMillis(),
        clock.instant());
  }

  private void end() throws IOException {
    removeCandidates();
    tried = "";
    verdict = null;
  }

  private void removeCandidates() throws IOException {
    for (String name : names(paths.manifests())) {
      PluginPod.remove(paths, name.replaceAll("\\.json$", ""));
    }
    for (String name : names(paths.pluginFolders())) {
      PluginPod.remove(paths, name);
    }
  }

  private static List<String> names(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith(PREFIX))
          .toList();
    }
  }
}
