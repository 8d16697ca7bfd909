package io.vaultkms.deployer;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vaultkms.deployer.agent.ShortLivedAgent;
import io.vaultkms.deployer.rollout.RolloutWay;
import io.vaultkms.lab.apiserver.RequestInfo;
import io.vaultkms.lab.apiserver.resource.ApiException;
import io.vaultkms.lab.cluster.Kubeconfig;
import io.vaultkms.lab.world.LabService;
import io.vaultkms.lab.world.World;
import io.vaultkms.model.decision.Observation;
import io.vaultkms.model.event.Event;
import io.vaultkms.platform.component.ComponentSettings;
import io.vaultkms.platform.log.EventLog;
import io.vaultkms.platform.log.LogSettings;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A deployer and the agents of two nodes of which no life makes more than one write, on the whole
 * road. They live in this JVM, where a life costs nothing: a new one begins with nothing but what
 * lies on the cluster and on the hosts. A write to the cluster is stored, and its answer is lost;
 * an event is in the log, and that is all that was heard of its teller.
 */
class EveryWriteTest {
  private final List<String> deaths = new CopyOnWriteArrayList<>();
  private final Set<String> told = new HashSet<>();
  private final PrometheusMeterRegistry metrics =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  @Test
  void whoDiesAfterEachWriteGetsThere(@TempDir Path folder) throws Exception {
    Vertx vertx = Vertx.vertx();
    List<ShortLivedAgent> agents = new ArrayList<>();
    try (LabDeployer lab = LabDeployer.startEmpty(folder, 2);
        EventLog log = log(vertx, lab.world());
        KubernetesClient cluster = client(lab.world())) {
      loseAnswers(lab);
      for (String node : lab.world().controlPlane().nodes()) {
        String token = lab.world().controlPlane().token("vaultkms-nodes", "node-agent");
        agents.add(new ShortLivedAgent(lab.world(), node, token));
      }
      Road road =
          Road.begin(
              lab,
              () -> {
                live(cluster, log);
                agents.forEach(ShortLivedAgent::live);
              });
      road.toTheFirstKey();
      road.toTheSecondKey();
      road.toPlaintext();
      System.out.printf(
          "the deployer died after each of %d writes and %d events, the agents after each of %s"
              + " steps on their hosts and %d reports; %d configurations were taken%n",
          deaths.stream().filter(death -> death.startsWith("plugin-deployer")).count(),
          told.size(),
          agents.stream().map(ShortLivedAgent::deaths).toList(),
          deaths.stream().filter(death -> death.startsWith("node-agent")).count(),
          road.configurationsTaken());
      assertThat(deaths.stream().filter(death -> death.startsWith("plugin-deployer")))
          .hasSizeGreaterThanOrEqualTo(18);
      assertThat(told).hasSizeGreaterThanOrEqualTo(20);
      assertThat(agents).allMatch(agent -> agent.deaths() >= 30);
      assertThat(lab.key(4)).isEmpty();
    } finally {
      agents.forEach(ShortLivedAgent::close);
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
  }

  private void loseAnswers(LabDeployer lab) {
    for (String node : lab.controlPlane().nodes()) {
      lab.controlPlane()
          .server(node)
          .faults()
          .afterStore(
              request -> request.user().name().startsWith("system:serviceaccount:"),
              this::loseAnswer);
    }
  }

  private void loseAnswer(RequestInfo request) {
    String account = request.user().name().replaceAll(".*:", "");
    deaths.add(account + " " + request.verb() + " " + request.resource() + " " + request.name());
    throw ApiException.internal("its answer is lost");
  }

  /** One life of the deployer. */
  private void live(KubernetesClient cluster, EventLog log) {
    Deployer deployer =
        PluginDeployer.deployer(
            LabService.CLUSTER_ID,
            ComponentSettings.KUBE_APISERVER,
            Observation.Limits.DEFAULT,
            RolloutWay.AGENTS,
            cluster,
            event -> tell(log, event),
            metrics,
            Clock.systemUTC());
    try {
      deployer.look();
    } catch (KubernetesClientException | Death e) {
      // It died of a write, or of an event.
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void tell(EventLog log, Event event) {
    log.publisher().publish(event);
    if (told.add(event.id())) {
      throw new Death();
    }
  }

  private EventLog log(Vertx vertx, World world) {
    return EventLog.open(
        vertx, LogSettings.plain(world.broker().bootstrapServers()), "plugin-deployer", metrics);
  }

  private static KubernetesClient client(World world) {
    var controlPlane = world.controlPlane();
    Kubeconfig own =
        new Kubeconfig(
            controlPlane.url(),
            controlPlane.caCertificate(),
            controlPlane.token("vaultkms", "plugin-deployer"));
    return new KubernetesClientBuilder()
        .withConfig(
            new ConfigBuilder(Config.fromKubeconfig(own.text()))
                .withRequestRetryBackoffLimit(0)
                .build())
        .build();
  }

  /** What kill -9 is to a process. */
  private static final class Death extends RuntimeException {
    Death() {
      super("died", null, false, false);
    }
  }
}
