package io.vaultkms.deployer.agent;

import io.fabric8.kubernetes.api.model.Secret;
import io.vaultkms.deployer.contract.KeyData;
import io.vaultkms.model.node.NodeReport;
import io.vaultkms.model.node.NodeReport.PreflightReport;
import io.vaultkms.platform.cluster.Contract;
import java.io.IOException;
import java.time.Clock;
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

  private final HostFiles files;
  private final HostPaths paths;
  private final PluginQuestions questions;
  private final Clock clock;
  private @Nullable PreflightReport reported;
  private @Nullable Verdict verdict;
  private boolean tidy;

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
    this.reported = previous == null ? null : previous.preflight();
  }

  /** Goes on with the request that stands. */
  void look(Optional<Secret> request) throws IOException {
    if (request.isEmpty()) {
      end();
      return;
    }
    String id = request.get().getMetadata().getUid();
    if (reported != null && reported.requestId().equals(id) && reported.passed()) {
      // Not before now: the verdict has been reported, and does not have to be found once more.
      removeCandidatesBut("");
      tidy = true;
      return;
    }
    go(id, request.get());
  }

  /** The last verdict, whatever it was for; missing when there is none. */
  @Nullable PreflightReport verdict() {
    return reported;
  }

  /** Whether a verdict is still being worked on, or its plugin is still there. */
  boolean underWay() {
    return verdict != null && !tidy;
  }

  private void go(String id, Secret request) throws IOException {
    Map<String, String> annotations = request.getMetadata().getAnnotations();
    long keyId = Long.parseLong(annotations.get(Contract.KEY_ID));
    String hash = annotations.get(Contract.HANDSHAKE);
    PluginPod candidate = PluginPod.candidate(paths, keyId, KeyData.fromSecret(request.getData()));
    Verdict current = verdict;
    if (current == null || !id.equals(current.requestId())) {
      current = new Verdict(id, hash, clock);
      verdict = current;
      tidy = false;
      removeCandidatesBut(candidate.name());
    }
    // Each request is a pod of its own, so that no answer to an earlier one is believed; and it
    // stays the same when the agent is started again, so that one that is killed often gets on.
    String mark = hash + "-" + id;
    if (candidate.write(files, paths, mark)) {
      LOG.info("preflight of configuration {} begins", hash);
    }
    if (current.hear(questions.ask(candidate, mark)) && current.report() != null) {
      log(hash, current.report());
    }
    reported = current.report();
  }

  private static void log(String hash, PreflightReport said) {
    if (said.passed()) {
      LOG.info("preflight of configuration {} passed", hash);
    } else {
      LOG.warn("preflight of configuration {} failed at {}: {}", hash, said.step(), said.reason());
    }
  }

  private void end() throws IOException {
    removeCandidatesBut("");
    verdict = null;
    reported = null;
  }

  private void removeCandidatesBut(String kept) throws IOException {
    for (String name : PluginPod.written(paths, PluginPod.CANDIDATE)) {
      if (!name.equals(kept)) {
        PluginPod.remove(files, paths, name);
      }
    }
  }
}
