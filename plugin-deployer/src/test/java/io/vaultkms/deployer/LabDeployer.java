package io.vaultkms.deployer;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Secret;
import io.vaultkms.deployer.agent.NodeAgent;
import io.vaultkms.lab.world.LabService;
import io.vaultkms.lab.world.World;
import io.vaultkms.model.decision.Component;
import io.vaultkms.model.event.Event;
import io.vaultkms.model.key.EncryptionKey;
import io.vaultkms.platform.cluster.Contract;
import io.vaultkms.platform.cluster.KeyAnnotations;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A world of one node with the deployer and the node's agent as processes, and nobody else. */
final class LabDeployer implements AutoCloseable {
  static final Duration LIMIT = Duration.ofSeconds(60);
  static final String COMPONENT = "kube-apiserver";
  static final String NODE = "node-1";

  private final World world;
  private final LabService deployer;
  private final LabService agent;

  private LabDeployer(Path folder, Map<String, String> more) {
    Map<String, String> variables = new HashMap<>(more);
    variables.put("RESYNC_INTERVAL", "1s");
    world = World.start(folder, World::standIn, 1);
    // Nobody publishes changes of the configuration here: the deployer looks by itself.
    deployer =
        LabService.start(
            world,
            "plugin-deployer",
            PluginDeployer.class.getName(),
            variables);
    agent =
        LabService.start(
            world,
            "node-agent",
            NodeAgent.class.getName(),
            Map.of(
                "NODE_NAME",
                NODE,
                "HOST_ROOT",
                world.root(NODE).toString(),
                "API_SERVER_URL",
                world.controlPlane().url(NODE).toString(),
                "AGENT_POLL_INTERVAL",
                "200ms",
                "AGENT_PROBE_INTERVAL",
                "1s"));
    await().atMost(LIMIT).until(() -> deployer.ready() && agent.ready());
  }

  static LabDeployer start(Path folder) {
    return start(folder, Map.of());
  }

  /**
   * @param more further variables of the deployer
   */
  static LabDeployer start(Path folder, Map<String, String> more) {
    return new LabDeployer(folder, more);
  }

  /** Another deployer beside the first, as while one is replaced by the next. */
  LabService anotherDeployer() {
    return LabService.start(
        world,
        "plugin-deployer-2",
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

  LabService deployer() {
    return deployer;
  }

  LabService agent() {
    return agent;
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
    deployer.close();
    agent.close();
    world.close();
  }
}
