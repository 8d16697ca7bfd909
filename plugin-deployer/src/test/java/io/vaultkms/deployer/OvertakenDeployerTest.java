package io.vaultkms.deployer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vaultkms.deployer.contract.BundleSecrets;
import io.vaultkms.deployer.contract.KeySecrets;
import io.vaultkms.deployer.rollout.DeploymentPods;
import io.vaultkms.deployer.rollout.RolloutWay;
import io.vaultkms.deployer.rollout.SampleDeployment;
import io.vaultkms.lab.world.World;
import io.vaultkms.model.bundle.Bundle;
import io.vaultkms.model.bundle.Bundle.KeyContent;
import io.vaultkms.model.config.Mode;
import io.vaultkms.model.decision.Component;
import io.vaultkms.model.decision.Observation;
import io.vaultkms.model.decision.Step.Purpose;
import io.vaultkms.model.decision.Step.RollOut;
import io.vaultkms.model.event.Event;
import io.vaultkms.platform.component.ComponentSettings;
import io.vaultkms.platform.component.Rollout.OfDeployment;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A deployer of a Deployment that another one overtakes in the middle of a look. */
class OvertakenDeployerTest {
  private static final String NAMESPACE = "openshift-apiserver";
  private static final String ROUTES = "routes.route.openshift.io";
  private static final OfDeployment WHERE = new OfDeployment(NAMESPACE, "apiserver");
  private static final ComponentSettings COMPONENT =
      new ComponentSettings(
          new Component("openshift-apiserver", new TreeSet<>(List.of(ROUTES))), WHERE);

  private World world;
  private KubernetesClient client;
  private BundleSecrets bundles;

  @BeforeEach
  void rollOutAReadKey(@TempDir Path folder) throws Exception {
    world = World.start(folder, World::standIn, 1);
    client = world.admin();
    SampleDeployment.make(client, NAMESPACE, WHERE.name());
    KeySecrets keys = new KeySecrets(client, COMPONENT.name());
    keys.mint(1, Mode.AESCBC, "first-key", Optional.empty());
    bundles = new BundleSecrets(client, COMPONENT.name(), NAMESPACE, keys);
    rollOut(
        Bundle.EMPTY.withReadKey(Set.of(ROUTES), 1, new KeyContent(Mode.AESCBC, Optional.empty())),
        Purpose.READ_KEY);
  }

  @AfterEach
  void stop() {
    world.close();
  }

  @Test
  void doesNotRollTheDeploymentBack() throws Exception {
    Deployer other = deployer(_ -> {});
    AtomicBoolean overtaken = new AtomicBoolean();
    Deployer slow =
        deployer(
            _ -> {
              if (overtaken.compareAndSet(false, true)) {
                goOn(other);
              }
            });

    slow.look();
    assertThat(overtaken).isTrue();
    assertThat(revision()).isEqualTo("2");

    slow.look();
    assertThat(revision()).isEqualTo("2");
  }

  @Test
  void isNotOvertakenForEverWithoutAWord() throws Exception {
    AtomicBoolean overtaken = new AtomicBoolean(true);
    Deployer deployer =
        deployer(
            (_, _) -> {
              if (overtaken.get()) {
                throw new KubernetesClientException("the Deployment has changed", 409, null);
              }
            },
            _ -> {});

    for (int look = 0; look < 4; look++) {
      assertThat(deployer.look()).isEqualTo(Duration.ofMillis(200));
    }
    assertThatThrownBy(deployer::look)
        .hasMessage(
            "5 looks in a row were overtaken, by a second deployer, say;"
                + " the last one: Await came too late: the Deployment has changed");
    assertThatThrownBy(deployer::look).hasMessageStartingWith("6 looks in a row");

    overtaken.set(false);
    deployer.look();
    overtaken.set(true);
    assertThat(deployer.look()).isEqualTo(Duration.ofMillis(200));
  }

  /** What a look waits for while the log is away: another one makes a revision and rolls it out. */
  private void goOn(Deployer other) {
    try {
      rollOut(
          bundles.newest().orElseThrow().bundle().withWriteKey(Set.of(ROUTES), 1),
          Purpose.WRITE_KEY);
      other.look();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    assertThat(revision()).isEqualTo("2");
  }

  private void rollOut(Bundle bundle, Purpose purpose) throws Exception {
    bundles.rollOut(new RollOut(bundle, purpose, 1), 1, bundles.newest(), Instant.now());
  }

  private Deployer deployer(Consumer<Event> log) {
    return deployer(
        new DeploymentPods(client, bundles, COMPONENT.name(), WHERE, SampleDeployment.sidecars()),
        log);
  }

  private Deployer deployer(RolloutWay way, Consumer<Event> log) {
    return PluginDeployer.deployer(
        "lab",
        COMPONENT,
        Observation.Limits.DEFAULT,
        way,
        client,
        log,
        new SimpleMeterRegistry(),
        Clock.systemUTC());
  }

  /** Which one the Deployment's template carries. */
  private String revision() {
    return client
        .apps()
        .deployments()
        .inNamespace(NAMESPACE)
        .withName(WHERE.name())
        .require()
        .getSpec()
        .getTemplate()
        .getMetadata()
        .getLabels()
        .get("revision");
  }
}
