package io.vaultkms.deployer.agent;

import io.vaultkms.deployer.contract.EncryptionConfiguration;
import io.vaultkms.model.node.NodeReport;
import io.vaultkms.model.node.NodeReport.PluginReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One look at a pod from within: it has converged when its API server is ready and shows the hash
 * of the file that it was given, and every plugin in that file has done a round trip. A pod keeps
 * its file and its plugins as long as it lives. For one thread.
 */
final class PodLook {
  private static final Pattern SOCKET = Pattern.compile("kms-([1-9]\\d{0,17})\\.sock$");

  private final PodReporterConfig config;
  private final OwnApiServer apiServer;
  private final Reporter reporter;
  private final Clock clock;
  private final Probe probe = new Probe();
  private final Map<Long, PluginReport> plugins = new TreeMap<>();
  private @Nullable Instant convergedTime;

  PodLook(PodReporterConfig config, OwnApiServer apiServer, Reporter reporter, Clock clock) {
    this.config = config;
    this.apiServer = apiServer;
    this.reporter = reporter;
    this.clock = clock;
  }

  Duration look() throws IOException {
    byte[] file = Files.readAllBytes(config.configFile());
    for (long key : keys(file)) {
      Path socket = config.sockets().resolve("kms-" + key + ".sock");
      plugins.put(
          key,
          PluginReports.after(
              key,
              probe.ask(socket, Credentials::tokensOut),
              Optional.ofNullable(plugins.get(key)),
              clock.instant()));
    }
    Optional<String> applied = apiServer.appliedHash();
    boolean ready = apiServer.ready();
    String trouble = trouble(applied.equals(Optional.of(NodeBundle.hash(file))), ready);
    if (!trouble.isEmpty()) {
      convergedTime = null;
    } else if (convergedTime == null) {
      convergedTime = clock.instant();
    }
    reporter.report(report(applied, ready, trouble));
    return trouble.isEmpty() ? config.probe() : config.poll();
  }

  /** What the pod waits for; empty when it has converged. */
  private String trouble(boolean applied, boolean ready) {
    return PluginReports.trouble(plugins.values())
        .or(
            () ->
                applied
                    ? Optional.empty()
                    : Optional.of("its API server does not show the file of this revision yet"))
        .or(() -> ready ? Optional.empty() : Optional.of("its API server is not ready"))
        .orElse("");
  }

  private NodeReport report(Optional<String> applied, boolean ready, String trouble) {
    return new NodeReport(
        config.component(),
        config.revision(),
        convergedTime == null ? 0 : config.revision(),
        convergedTime,
        applied.orElse(null),
        ready,
        List.copyOf(plugins.values()),
        null,
        clock.instant(),
        trouble);
  }

  /** The keys whose plugins the file names. */
  private static SortedSet<Long> keys(byte[] file) {
    SortedSet<Long> keys = new TreeSet<>();
    for (String endpoint : EncryptionConfiguration.read(file).findValuesAsText("endpoint")) {
      Matcher socket = SOCKET.matcher(endpoint);
      if (socket.find()) {
        keys.add(Long.parseLong(socket.group(1)));
      }
    }
    return keys;
  }
}
