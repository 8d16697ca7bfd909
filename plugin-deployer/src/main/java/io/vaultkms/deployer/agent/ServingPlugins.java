package io.vaultkms.deployer.agent;

import io.vaultkms.deployer.agent.Probe.Result;
import io.vaultkms.deployer.contract.KeyData;
import io.vaultkms.model.node.NodeReport;
import io.vaultkms.model.node.NodeReport.PluginReport;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The plugins that serve this node's API server. For one thread. */
final class ServingPlugins {
  private static final Logger LOG = LoggerFactory.getLogger(ServingPlugins.class);
  private static final Pattern KEY_ID = Pattern.compile("[1-9]\\d{0,17}");

  private final HostFiles files;
  private final HostPaths paths;
  private final PluginQuestions questions;
  private final Clock clock;
  private final Map<Long, PluginReport> reports = new TreeMap<>();

  ServingPlugins(
      HostFiles files,
      HostPaths paths,
      PluginQuestions questions,
      Clock clock,
      @Nullable NodeReport previous) {
    this.files = files;
    this.paths = paths;
    this.questions = questions;
    this.clock = clock;
    if (previous != null) {
      previous.plugins().forEach(plugin -> reports.put(plugin.keyId(), plugin));
    }
  }

  /** Writes credentials and manifests of every plugin of a bundle; the kubelet does the rest. */
  void write(NodeBundle bundle) throws IOException {
    for (Map.Entry<Long, KeyData> plugin : bundle.plugins().entrySet()) {
      PluginPod pod = PluginPod.serving(paths, plugin.getKey(), plugin.getValue());
      if (pod.write(files, paths, bundle.handshake(plugin.getKey()))) {
        LOG.info("wrote static pod {} for revision {}", pod.name(), bundle.revision());
      }
    }
  }

  /**
   * Asks every plugin of a bundle for a round trip.
   *
   * @return whether all of them passed, with the configuration that this bundle gives them
   */
  boolean probe(NodeBundle bundle) throws IOException {
    boolean all = true;
    for (Map.Entry<Long, KeyData> plugin : bundle.plugins().entrySet()) {
      PluginPod pod = PluginPod.serving(paths, plugin.getKey(), plugin.getValue());
      Result result = questions.ask(pod, bundle.handshake(plugin.getKey()));
      Optional<PluginReport> last = Optional.ofNullable(reports.get(plugin.getKey()));
      reports.put(
          plugin.getKey(), PluginReports.after(plugin.getKey(), result, last, clock.instant()));
      all &= result instanceof Result.Passed;
    }
    reports.keySet().retainAll(bundle.plugins().keySet());
    return all;
  }

  /** Stops and wipes the plugins that no bundle asks for any more. */
  void removeAllBut(Set<Long> keys) throws IOException {
    for (String name : PluginPod.written(paths, PluginPod.SERVING)) {
      String key = name.substring(PluginPod.SERVING.length());
      if (KEY_ID.matcher(key).matches() && !keys.contains(Long.parseLong(key))) {
        PluginPod.remove(files, paths, name);
        LOG.info("the plugin of key {} is not needed any more: stopped, its files wiped", key);
      }
    }
  }

  List<PluginReport> reports() {
    return List.copyOf(reports.values());
  }

  /** What the first plugin that is not well says; empty when all are. */
  String trouble() {
    return PluginReports.trouble(reports.values()).orElse("");
  }
}
