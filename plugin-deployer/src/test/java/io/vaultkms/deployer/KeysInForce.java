package io.vaultkms.deployer;

import io.vaultkms.lab.apiserver.LabControlPlane;
import io.vaultkms.model.decision.Component;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Watches over the API servers of a stand-in: each time that one of them takes another
 * configuration, what any writes with, all must read, and what is stored, it must read.
 */
final class KeysInForce {
  private final LabControlPlane controlPlane;
  private final Map<String, Map<String, List<String>>> providers = new HashMap<>();
  private final List<String> violations = new ArrayList<>();
  private int loads;

  private KeysInForce(LabControlPlane controlPlane) {
    this.controlPlane = controlPlane;
  }

  /** Begins while every API server stores in plaintext. */
  static KeysInForce watch(LabControlPlane controlPlane) {
    KeysInForce keys = new KeysInForce(controlPlane);
    Map<String, List<String>> plaintext = new HashMap<>();
    Component.KUBE_APISERVER.resources().forEach(r -> plaintext.put(r, List.of("identity")));
    for (String node : controlPlane.nodes()) {
      keys.providers.put(node, plaintext);
      controlPlane.server(node).onProviders(loaded -> keys.loaded(node, loaded));
    }
    return keys;
  }

  private synchronized void loaded(String node, Map<String, List<String>> loaded) {
    loads++;
    providers.put(node, loaded);
    providers.forEach(
        (writer, writes) ->
            writes.forEach(
                (resource, order) ->
                    providers.forEach(
                        (reader, reads) -> {
                          if (!reads.getOrDefault(resource, List.of()).contains(order.getFirst())) {
                            violations.add(
                                "%s writes %s with %s, which %s cannot read"
                                    .formatted(writer, resource, order.getFirst(), reader));
                          }
                        })));
    Map<String, Map<String, Long>> stored = controlPlane.census();
    loaded.forEach(
        (resource, order) ->
            stored.getOrDefault(resource, Map.of()).keySet().stream()
                .filter(prefix -> !order.contains(prefix))
                .forEach(
                    prefix ->
                        violations.add(
                            "%s cannot read %s that are stored under %s"
                                .formatted(node, resource, prefix))));
  }

  synchronized List<String> violations() {
    return List.copyOf(violations);
  }

  /** How many configurations have been taken. */
  synchronized int loads() {
    return loads;
  }
}
