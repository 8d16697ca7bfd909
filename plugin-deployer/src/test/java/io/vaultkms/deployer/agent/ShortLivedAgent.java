package io.vaultkms.deployer.agent;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.vaultkms.deployer.agent.HostFiles.Change;
import io.vaultkms.lab.cluster.Kubeconfig;
import io.vaultkms.lab.world.World;
import io.vaultkms.platform.env.Variables;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The agent of a node in this JVM, of which no life takes more than one step on the host's files.
 */
public final class ShortLivedAgent implements AutoCloseable {
  private final KubernetesClient cluster;
  private final KubernetesClient apiServer;
  private final AgentConfig config;
  private final Set<String> prepared = new HashSet<>();
  private int deaths;

  /**
   * @param token of its service account
   */
  public ShortLivedAgent(World world, String node, String token) {
    var controlPlane = world.controlPlane();
    this.cluster = client(new Kubeconfig(controlPlane.url(), controlPlane.caCertificate(), token));
    this.apiServer =
        client(new Kubeconfig(controlPlane.url(node), controlPlane.caCertificate(), token));
    this.config =
        AgentConfig.read(
            new Variables(
                Map.of(
                    "NODE_NAME", node,
                    "HOST_ROOT", world.root(node).toString(),
                    "API_SERVER_URL", controlPlane.url(node).toString())));
  }

  private static KubernetesClient client(Kubeconfig kubeconfig) {
    return new KubernetesClientBuilder()
        .withConfig(
            new ConfigBuilder(Config.fromKubeconfig(kubeconfig.text()))
                .withRequestRetryBackoffLimit(0)
                .build())
        .build();
  }

  /**
   * One life, which ends by a step, by a report, or after a look at which nothing was to be done.
   */
  public void live() {
    try {
      new NodeLook(
              cluster,
              config,
              new HostFiles(this::die),
              new OwnApiServer(apiServer),
              new Reporter(cluster, config.nodeName(), config.probe()),
              Clock.systemUTC())
          .look();
    } catch (Death e) {
      deaths++;
    } catch (KubernetesClientException e) {
      // It died of a report.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How often it died of a step on the host. */
  public int deaths() {
    return deaths;
  }

  private void die(Change change, Path file) {
    try {
      if (change != Change.PREPARED
          || prepared.add(file + NodeBundle.hash(Files.readAllBytes(file)))) {
        throw new Death();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    cluster.close();
    apiServer.close();
  }

  /** What kill -9 is to a process. */
  private static final class Death extends Error {
    Death() {
      super("died", null, false, false);
    }
  }
}
