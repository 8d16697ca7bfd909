package io.vaultkms.deployer.agent;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.vaultkms.deployer.contract.KeyData;
import io.vaultkms.model.node.NodeReport;
import io.vaultkms.platform.cluster.Contract;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One look at the node. The order keeps the API server able to start at any moment:
 *
 * <ol>
 *   <li>credentials, then the plugins' manifests;
 *   <li>only when every plugin of the bundle has done a round trip, the API server's file, by
 *       rename;
 *   <li>only when the API server shows that it uses this file, the plugins that are not in it go.
 * </ol>
 *
 * What the cluster wants is remembered, so that an agent that loses the API keeps what it has. What
 * fails on the node is reported, with all that does not. For one thread.
 */
final class NodeLook {
  private static final Logger LOG = LoggerFactory.getLogger(NodeLook.class);

  private final KubernetesClient cluster;
  private final AgentConfig config;
  private final HostFiles files;
  private final HostPaths paths;
  private final OwnApiServer apiServer;
  private final Reporter reporter;
  private final ServingPlugins plugins;
  private final PreflightTrial trial;
  private final Clock clock;

  private Optional<NodeBundle> bundle = Optional.empty();
  private long pluginsReadyFor;
  private long convergedRevision;
  private @Nullable Instant convergedTime;
  private long waitingFor;
  private @Nullable Instant waitingSince;

  NodeLook(
      KubernetesClient cluster,
      AgentConfig config,
      HostFiles files,
      OwnApiServer apiServer,
      Reporter reporter,
      Clock clock) {
    this.cluster = cluster;
    this.config = config;
    this.files = files;
    this.paths = config.paths();
    this.apiServer = apiServer;
    this.reporter = reporter;
    this.clock = clock;
    NodeReport previous = reporter.previous().orElse(null);
    PluginQuestions questions =
        new PluginQuestions(paths, new Probe(), new MirrorPods(cluster, config.nodeName()));
    this.plugins = new ServingPlugins(files, paths, questions, clock, previous);
    this.trial = new PreflightTrial(files, paths, questions, clock, previous);
    if (previous != null) {
      convergedRevision = previous.convergedRevision();
      convergedTime = previous.convergedTime();
      waitingFor = previous.observedRevision();
      waitingSince = previous.waitingSince();
    }
  }

  /**
   * Looks, acts, reports.
   *
   * @throws IOException when something on this node failed, after that was reported
   */
  Duration look() throws IOException {
    Optional<Secret> newest = secret(Contract.bundleSecret(config.component()));
    Optional<Secret> request = secret(Contract.preflightSecret(config.component()));
    Attempts attempts = new Attempts(this::withoutCredentials);
    newest.filter(NodeBundle::isNoted).ifPresent(secret -> read(secret, attempts));
    bundle.ifPresent(wanted -> follow(wanted, attempts));
    Optional<String> applied = apiServer.appliedHash();
    converge(applied);
    if (isConverged()) {
      bundle.ifPresent(wanted -> clean(wanted, attempts));
    }
    attempts.take("the preflight cannot be gone on with", () -> trial.look(request));
    String trouble = trouble(attempts);
    reporter.report(report(applied, trouble));
    attempts.end();
    boolean busy = bundle.isPresent() && !isConverged() || trial.underWay() || !trouble.isEmpty();
    return busy ? config.poll() : config.probe();
  }

  /** What is missing, in words; empty when nothing is. */
  private String trouble(Attempts attempts) {
    if (!attempts.trouble().isEmpty()) {
      return attempts.trouble();
    }
    return bundle.isPresent() ? plugins.trouble() : "";
  }

  /** One that cannot be read is no reason to forget the one before. */
  private void read(Secret newest, Attempts attempts) {
    attempts.take(
        "the newest bundle cannot be used",
        () -> bundle = Optional.of(NodeBundle.read(newest, paths)));
  }

  private String withoutCredentials(String words) {
    String masked = words;
    for (KeyData key : bundle.map(NodeBundle::plugins).orElseGet(TreeMap::new).values()) {
      masked = Credentials.out(masked, key);
    }
    return Credentials.tokensOut(masked);
  }

  private Optional<Secret> secret(String name) {
    return Optional.ofNullable(
        cluster.secrets().inNamespace(Contract.MANAGED_NAMESPACE).withName(name).get());
  }

  /**
   * Brings the node to a bundle as far as it goes now. A plugin whose files could not be written
   * may do its round trip with what it had before.
   */
  private void follow(NodeBundle wanted, Attempts attempts) {
    boolean written =
        attempts.take("the plugins' files cannot be written", () -> plugins.write(wanted));
    attempts.take(
        "the plugins cannot be asked",
        () -> {
          if (plugins.probe(wanted) && written) {
            pluginsReadyFor = wanted.revision();
          }
        });
    if (pluginsReadyFor == wanted.revision()) {
      attempts.take("the API server's file cannot be written", () -> writeConfig(wanted));
    }
  }

  private void writeConfig(NodeBundle wanted) throws IOException {
    Path file = paths.encryptionConfig();
    if (files.write(file, wanted.encryptionConfig())) {
      LOG.info("wrote {} for revision {}", file, wanted.revision());
    }
  }

  private void clean(NodeBundle wanted, Attempts attempts) {
    attempts.take(
        "the plugins that are not needed any more cannot be removed",
        () -> plugins.removeAllBut(wanted.plugins().keySet()));
  }

  /**
   * The node has converged when its API server shows the hash of the bundle's file, and the plugins
   * of the bundle have been seen to work with what the bundle gives them.
   */
  private void converge(Optional<String> applied) {
    boolean there =
        bundle
            .map(
                wanted ->
                    pluginsReadyFor == wanted.revision()
                        && applied.equals(Optional.of(wanted.configHash())))
            .orElse(false);
    if (!there) {
      convergedRevision = 0;
      convergedTime = null;
    } else if (convergedRevision != bundle.get().revision() || convergedTime == null) {
      convergedRevision = bundle.get().revision();
      convergedTime = clock.instant();
      LOG.info("converged on revision {}", convergedRevision);
    }
    count();
  }

  /** Since when this node waits for the revision that it is at work on. */
  private void count() {
    long revision = bundle.map(NodeBundle::revision).orElse(0L);
    if (isConverged() || revision == 0) {
      waitingSince = null;
    } else if (waitingSince == null || waitingFor != revision) {
      waitingSince = clock.instant();
    }
    waitingFor = revision;
  }

  private boolean isConverged() {
    return bundle.isPresent() && convergedRevision == bundle.get().revision();
  }

  private NodeReport report(Optional<String> applied, String trouble) {
    return new NodeReport(
        config.component(),
        bundle.map(NodeBundle::revision).orElse(0L),
        convergedRevision,
        convergedTime,
        applied.orElse(null),
        apiServer.ready(),
        plugins.reports(),
        trial.verdict(),
        clock.instant(),
        message(applied, trouble),
        waitingSince);
  }

  private String message(Optional<String> applied, String trouble) {
    if (!trouble.isEmpty() || bundle.isEmpty()) {
      return trouble;
    }
    if (applied.isEmpty()) {
      return "the API server does not say which encryption configuration it uses";
    }
    return isConverged()
        ? ""
        : "the API server does not use the file of revision %d yet"
            .formatted(bundle.get().revision());
  }
}
