package io.vaultkms.deployer.agent;

import io.vaultkms.deployer.agent.Probe.Result;
import java.io.IOException;

/**
 * Asks a plugin of this node whether it works, and when it does not answer, the kubelet why. What
 * either says goes to reports, events and logs, so the plugin's credentials are taken out. For one
 * thread.
 */
final class PluginQuestions {
  private static final Result.Failed NOT_STARTED =
      new Result.Failed("Start", "the plugin has not been started anew yet", false);

  private final HostPaths paths;
  private final Probe probe;
  private final MirrorPods pods;

  PluginQuestions(HostPaths paths, Probe probe, MirrorPods pods) {
    this.paths = paths;
    this.probe = probe;
    this.pods = pods;
  }

  /**
   * A round trip, with the configuration that the pod's manifest gives it and no earlier one.
   *
   * @param mark what the manifest was written with
   */
  Result ask(PluginPod pod, String mark) throws IOException {
    // Before the question: the answer must not be one of the process that has just been replaced.
    boolean current = pod.startedSinceManifest(paths);
    Result result = probe.ask(pod.socket(), pod::withoutCredentials);
    if (result instanceof Result.Failed failed && !failed.reachable()) {
      return explained(pod, mark, failed);
    }
    if (!current) {
      return explained(pod, mark, NOT_STARTED);
    }
    return result;
  }

  /**
   * A plugin that the kubelet cannot start says nothing itself: its word is as good as an answer.
   */
  private Result explained(PluginPod pod, String mark, Result.Failed failed) {
    return pods.trouble(pod.name(), mark)
        .map(words -> new Result.Failed("Start", words, false, true))
        .map(kubelet -> kubelet.masked(pod::withoutCredentials))
        .orElse(failed);
  }
}
