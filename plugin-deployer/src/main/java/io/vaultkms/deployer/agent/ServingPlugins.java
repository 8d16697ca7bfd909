package io.vaultkms.deployer.agent;

import io.vaultkms.deployer.agent.Probe.Result;
import io.vaultkms.deployer.contract.KeyData;
import io.vaultkms.model.node.NodeReport;
import io.vaultkms.model.node.NodeReport.PluginReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The plugins that serve this node's API server. For one thread. */
final class ServingPlugins {
  private static final Logger LOG = LoggerFactory.getLogger(ServingPlugins.class);
  private static final Pattern MANIFEST = Pattern.compile("vault-kms-plugin-([1-9]\\d*)\\.json");

  private final HostPaths paths;
  private final Probe probe;
  private final Clock clock;
  private final Map<Long, PluginReport> reports = new TreeMap<>();

  ServingPlugins(HostPaths paths, Probe probe, Clock clock, @Nullable NodeReport previous) {
    this.paths = paths;
    this.probe = probe;
    this.clock = clock;
    if (previous != null) {
      previous.plugins().forEach(plugin -> reports.put(plugin.keyId(), plugin));
    }
  }

  /** Writes credentials and manifests of every plugin of a bundle; the kubelet does the rest. */
  void write(NodeBundle bundle) throws IOException {
    for (Map.Entry<Long, KeyData> plugin : bundle.plugins().entrySet()) {
      PluginPod pod = PluginPod.serving(paths, plugin.getKey(), plugin.getValue());
      if (pod.write(paths, bundle.handshake(plugin.getKey()))) {
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
      // Before the question: the answer must not be one of the process that has just been replaced.
      boolean current = pod.startedSinceManifest(paths);
      Result result = probe.ask(pod.socket());
      if (result instanceof Result.Passed && !current) {
        result = new Result.Failed("Start", "the plugin has not been started anew yet", true);
      }
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
    for (long key : written(id -> !keys.contains(id))) {
      PluginPod.remove(paths, "vault-kms-plugin-" + key);
      LOG.info("the plugin of key {} is not needed any more: stopped, its files wiped", key);
    }
  }

  private List<Long> written(Predicate<Long> condition) throws IOException {
    if (!Files.isDirectory(paths.manifests())) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(paths.manifests())) {
      return files
          .map(file -> MANIFEST.matcher(file.getFileName().toString()))
          .filter(Matcher::matches)
          .map(found -> Long.parseLong(found.group(1)))
          .filter(condition)
          .toList();
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
