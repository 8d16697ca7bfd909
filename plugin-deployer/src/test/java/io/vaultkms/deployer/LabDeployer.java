package io.vaultkms.deployer;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Secret;
import io.vaultkms.deployer.agent.NodeAgent;
import io.vaultkms.lab.apiserver.LabControlPlane;
import io.vaultkms.lab.world.LabService;
import io.vaultkms.lab.world.World;
import io.vaultkms.model.decision.Component;
import io.vaultkms.model.decision.Decision;
import io.vaultkms.model.decision.Observation;
import io.vaultkms.model.decision.Step;
import io.vaultkms.model.decision.Step.Purpose;
import io.vaultkms.model.event.Event;
import io.vaultkms.model.key.EncryptionKey;
import io.vaultkms.model.node.NodeReport;
import io.vaultkms.platform.cluster.Contract;
import io.vaultkms.platform.cluster.KeyAnnotations;
import io.vaultkms.platform.cluster.Observer;
import io.vaultkms.platform.cluster.WantedReader;
import io.vaultkms.platform.component.ComponentSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A world with the deployer and the nodes' agents as processes, and nobody else. */
final class LabDeployer implements AutoCloseable {
  static final Duration LIMIT = Duration.ofSeconds(120);
  static final String COMPONENT = "kube-apiserver";
  static final String NODE = "node-1";

  private final World world;
  private final @Nullable LabService deployer;
  private final Map<String, LabService> agents = new LinkedHashMap<>();

  private LabDeployer(World world, @Nullable LabService deployer) {
    this.world = world;
    this.deployer = deployer;
  }

  /** One node with its agent. */
  static LabDeployer start(Path folder) {
    return start(folder, Map.of());
  }

  /**
   * The same.
   *
   * @param more further variables of the deployer
   */
  static LabDeployer start(Path folder, Map<String, String> more) {
    LabDeployer lab = start(World.start(folder, World::standIn, 1), more);
    lab.startAgent(NODE);
    lab.awaitReady();
    return lab;
  }

  /** Some nodes, whose agents are still to be started. */
  static LabDeployer startWithoutAgents(Path folder, int nodes) {
    return start(World.start(folder, World::standIn, nodes), Map.of());
  }

  /**
   * The same.
   *
   * @param mainClass what a test puts in the deployer's place
   */
  static LabDeployer startWithoutAgents(
      Path folder, int nodes, Class<?> mainClass, Map<String, String> more) {
    return start(World.start(folder, World::standIn, nodes), mainClass, more);
  }

  private static LabDeployer start(World world, Map<String, String> more) {
    return start(world, PluginDeployer.class, more);
  }

  private static LabDeployer start(World world, Class<?> mainClass, Map<String, String> more) {
    Map<String, String> variables = new HashMap<>(more);
    variables.put("RESYNC_INTERVAL", "1s");
    // Nobody publishes changes of the configuration here: the deployer looks by itself.
    return new LabDeployer(
        world, LabService.start(world, "plugin-deployer", mainClass.getName(), variables));
  }

  /** Some nodes, where the test is the deployer and the agents. */
  static LabDeployer startEmpty(Path folder, int nodes) {
    return new LabDeployer(World.start(folder, World::standIn, nodes), null);
  }

  LabService startAgent(String node) {
    return startAgent(node, NodeAgent.class.getName(), Map.of());
  }

  /**
   * @param mainClass the agent, or what a test puts in its place
   */
  LabService startAgent(String node, String mainClass, Map<String, String> more) {
    Map<String, String> environment = new HashMap<>(more);
    environment.put("NODE_NAME", node);
    environment.put("HOST_ROOT", world.root(node).toString());
    environment.put("API_SERVER_URL", world.controlPlane().url(node).toString());
    environment.put("AGENT_POLL_INTERVAL", "200ms");
    environment.put("AGENT_PROBE_INTERVAL", "1s");
    LabService agent =
        LabService.start(world, "agent-" + node, "node-agent", mainClass, environment);
    agents.put(node, agent);
    return agent;
  }

  void awaitReady() {
    await()
        .atMost(LIMIT)
        .until(() -> deployer().ready() && agents.values().stream().allMatch(LabService::ready));
  }

  /** Another deployer beside the first, as while one is replaced by the next. */
  LabService anotherDeployer() {
    return LabService.start(
        world,
        "plugin-deployer-2",
        "plugin-deployer",
        PluginDeployer.class.getName(),
        Map.of("RESYNC_INTERVAL", "500ms"));
  }

  /** As somebody does who takes the finalizer off too. */
  void destroy(Secret secret) {
    secret.getMetadata().setFinalizers(List.of());
    world.admin().resource(secret).update();
    world.admin().resource(secret).delete();
  }

  /** What the migrator notes when everything has been rewritten. */
  void migrated(long keyId) {
    EncryptionKey.Migrated all =
        new EncryptionKey.Migrated(
            Component.KUBE_APISERVER.resources(), Optional.of(Instant.now()), Optional.empty());
    Secret secret = key(keyId).orElseThrow();
    secret.getMetadata().getAnnotations().putAll(KeyAnnotations.write(all));
    world.admin().resource(secret).update();
  }

  World world() {
    return world;
  }

  /** The stand-in, for its faults. */
  LabControlPlane controlPlane() {
    return (LabControlPlane) world.controlPlane();
  }

  LabService deployer() {
    return Objects.requireNonNull(deployer);
  }

  LabService agent() {
    return agent(NODE);
  }

  LabService agent(String node) {
    return agents.get(node);
  }

  /** A Secret of {@code openshift-config-managed}. */
  Optional<Secret> managed(String name) {
    return secret(Contract.MANAGED_NAMESPACE, name);
  }

  Optional<Secret> secret(String namespace, String name) {
    return Optional.ofNullable(world.admin().secrets().inNamespace(namespace).withName(name).get());
  }

  Optional<Secret> key(long keyId) {
    return managed("encryption-key-kube-apiserver-" + keyId);
  }

  Optional<Secret> bundle() {
    return managed("encryption-config-kube-apiserver");
  }

  /** What the decision says is next. */
  Step next() throws IOException, InterruptedException {
    Observer observer =
        new Observer(
            world.admin(),
            ComponentSettings.KUBE_APISERVER,
            Observation.Limits.DEFAULT,
            Clock.systemUTC());
    return Decision.next(observer.observe(new WantedReader(world.admin()).readWithContents()));
  }

  /** What a node says last; empty before it has said anything. */
  Optional<NodeReport> report(String node) {
    return Optional.ofNullable(
            world
                .admin()
                .genericKubernetesResources(Contract.ENCRYPTION_NODES)
                .withName(node)
                .get())
        .flatMap(Observer::report);
  }

  /** Whether the newest bundle is about that, and every one of these nodes has converged on it. */
  boolean converged(Purpose purpose, long keyId, List<String> nodes) {
    return bundle()
        .map(bundle -> bundle.getMetadata().getAnnotations())
        .filter(about -> purpose.name().equals(about.get(Contract.PURPOSE)))
        .filter(about -> Long.toString(keyId).equals(about.get(Contract.KEY_ID)))
        .map(about -> Long.parseLong(about.get(Contract.REVISION)))
        .filter(
            revision ->
                nodes.stream()
                    .map(this::report)
                    .allMatch(
                        report ->
                            report
                                .map(NodeReport::convergedRevision)
                                .equals(Optional.of(revision))))
        .isPresent();
  }

  Path onNode(String path) {
    return world.root(NODE).resolve(path);
  }

  <E extends Event> List<E> told(Class<E> type) {
    return LabService.story(world).stream().filter(type::isInstance).map(type::cast).toList();
  }

  /** As {@code kill -9} does, and then a new process. */
  static void crash(LabService service) {
    service.process().kill();
    await().atMost(LIMIT).until(() -> service.process().handle().isEmpty());
    service.process().start();
  }

  @Override
  public void close() {
    if (deployer != null) {
      deployer.close();
    }
    agents.values().forEach(LabService::close);
    world.close();
  }
}
