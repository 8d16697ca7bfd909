package io.vaultkms.cli.demo;

import io.vaultkms.lab.world.World;
import io.vaultkms.model.event.EncryptionSettled;
import io.vaultkms.model.event.Event;
import io.vaultkms.model.node.NodeReport;
import io.vaultkms.platform.cluster.Contract;
import io.vaultkms.platform.cluster.Observer;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What a chapter works with.
 *
 * @param limit how long each thing may take that a chapter waits for
 */
record Scene(World world, Screen screen, Follower follower, Proof proof, Duration limit) {
  /** Waits for an event after a mark; {@code what} completes "the log has not said that". */
  <E extends Event> E await(int mark, Class<E> type, Predicate<E> wanted, String what)
      throws InterruptedException {
    return follower.await(mark, type, wanted, what, limit);
  }

  /** Waits until the log says, after a mark, that encryption has settled on a key. */
  void awaitSettled(int mark, long keyId) throws InterruptedException {
    await(
        mark,
        EncryptionSettled.class,
        settled -> settled.keyId() == keyId,
        "everything is settled on key " + keyId);
  }

  /** Waits until the log says, after a mark, that encryption has settled on any key. */
  EncryptionSettled awaitSettled(int mark) throws InterruptedException {
    return await(
        mark,
        EncryptionSettled.class,
        settled -> settled.keyId() > 0,
        "everything is settled on a key");
  }

  /** Says which plugins run on each node, as the nodes report it. */
  void showPlugins() {
    for (String node : world.controlPlane().nodes()) {
      String plugins =
          report(node).plugins().stream()
              .map(plugin -> "key " + plugin.keyId())
              .collect(Collectors.joining(", "));
      screen.line("  %s: runs the plugin of %s", node, plugins.isEmpty() ? "no key" : plugins);
    }
  }

  /** The keys that have a plugin, newest first. */
  List<Long> pluginKeys() {
    return report(world.controlPlane().nodes().getFirst()).plugins().stream()
        .map(NodeReport.PluginReport::keyId)
        .sorted(Comparator.reverseOrder())
        .toList();
  }

  private NodeReport report(String node) {
    return Observer.report(
            world
                .admin()
                .genericKubernetesResources(Contract.ENCRYPTION_NODES)
                .withName(node)
                .get())
        .orElseThrow(() -> new DemoFailure(node + " has reported nothing"));
  }
}
