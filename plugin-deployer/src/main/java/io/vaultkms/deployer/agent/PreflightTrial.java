package io.vaultkms.deployer.agent;

import io.fabric8.kubernetes.api.model.Secret;
import io.vaultkms.deployer.agent.Probe.Result;
import io.vaultkms.deployer.contract.KeyData;
import io.vaultkms.model.node.NodeReport;
import io.vaultkms.model.node.NodeReport.PreflightReport;
import io.vaultkms.platform.cluster.Contract;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
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

  /** How long a plugin may take until it answers at all. */
  private static final Duration START_LIMIT = Duration.ofSeconds(30);

  /** How many times a plugin, or the kubelet for it, must say no before it is believed. */
  private static final int ANSWERS_BELIEVED = 3;

  private final HostFiles files;
  private final HostPaths paths;
  private final PluginQuestions questions;
  private final Clock clock;
  private @Nullable PreflightReport verdict;
  private String tried = "";
  private boolean tidy;
  private Instant started = Instant.MAX;
  private int refusals;

  PreflightTrial(
      HostFiles files,
      HostPaths paths,
      PluginQuestions questions,
      Clock clock,
      @Nullable NodeReport previous) {
    this.files = files;
    this.paths = paths;
    this.questions = questions;
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
      // Not before now: the verdict has been reported, and does not have to be found once more.
      removeCandidatesBut("");
      tidy = true;
      return;
    }
    go(id, request.get());
  }

  /** The last verdict, whatever it was for; missing when there is none. */
  @Nullable PreflightReport verdict() {
    return verdict;
  }

  /** Whether a verdict is still being worked on, or its plugin is still there. */
  boolean underWay() {
    return !tried.isEmpty() && !tidy;
  }

  private void begin(String id) {
    tried = id;
    tidy = false;
    started = clock.instant();
    refusals = 0;
    verdict = null;
  }

  private void go(String id, Secret request) throws IOException {
    Map<String, String> annotations = request.getMetadata().getAnnotations();
    long keyId = Long.parseLong(annotations.get(Contract.KEY_ID));
    String hash = annotations.get(Contract.HANDSHAKE);
    PluginPod candidate = PluginPod.candidate(paths, keyId, KeyData.fromSecret(request.getData()));
    if (!id.equals(tried)) {
      begin(id);
      removeCandidatesBut(candidate.name());
    }
    // Each request is a pod of its own, so that no answer to an earlier one is believed; and it
    // stays the same when the agent is started again, so that one that is killed often gets on.
    String mark = hash + "-" + id;
    if (candidate.write(files, paths, mark)) {
      LOG.info("preflight of configuration {} begins", hash);
    }
    switch (questions.ask(candidate, mark)) {
      case Result.Passed passed -> {
        verdict = passed(id, hash, passed);
        LOG.info("preflight of configuration {} passed", hash);
      }
      case Result.Failed failed -> refused(id, hash, failed);
    }
  }

  private void refused(String id, String hash, Result.Failed failed) {
    refusals = failed.definite() ? refusals + 1 : 0;
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
    removeCandidatesBut("");
    tried = "";
    verdict = null;
  }

  private void removeCandidatesBut(String kept) throws IOException {
    for (String name : PluginPod.written(paths, PluginPod.CANDIDATE)) {
      if (!name.equals(kept)) {
        PluginPod.remove(files, paths, name);
      }
    }
  }
}
