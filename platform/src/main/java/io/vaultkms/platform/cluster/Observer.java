package io.vaultkms.platform.cluster;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.vaultkms.model.bundle.Bundle;
import io.vaultkms.model.decision.Component;
import io.vaultkms.model.decision.Observation;
import io.vaultkms.model.decision.PreflightRequest;
import io.vaultkms.model.key.EncryptionKey;
import io.vaultkms.model.node.NodeReport;
import io.vaultkms.model.node.Nodes;
import io.vaultkms.platform.component.ComponentSettings;
import io.vaultkms.platform.component.Rollout;
import io.vaultkms.platform.json.Json;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Looks at one component of a cluster: one request for each kind of fact, none cached, key Secrets
 * and bundles by their metadata only. Blocks; for virtual threads.
 */
public final class Observer {
  private final KubernetesClient client;
  private final Component component;
  private final Rollout rollout;
  private final Observation.Limits limits;
  private final Clock clock;
  private final MetadataReader metadata;

  public Observer(
      KubernetesClient client, ComponentSettings settings, Observation.Limits limits, Clock clock) {
    this.client = client;
    this.component = settings.component();
    this.rollout = settings.rollout();
    this.limits = limits;
    this.clock = clock;
    this.metadata = new MetadataReader(client);
  }

  /**
   * What is seen now. The facts are read in an order in which a stale one only holds things up:
   * reports before the bundle they are compared with.
   *
   * @param wanted what was read of the wanted configuration just before
   * @throws IOException when the cluster did not answer, or not with what was asked for
   */
  public Observation observe(WantedReader.Document wanted)
      throws IOException, InterruptedException {
    SortedMap<String, NodeReport> reports = reports();
    Optional<PreflightRequest> preflight = preflight();
    Nodes nodes = nodes(reports, preflight);
    Optional<Bundle.Revisioned> bundle = bundle();
    List<EncryptionKey> keys = keys();
    return new Observation(
        component,
        wanted.wanted(),
        keys,
        bundle,
        nodes.expected(),
        nodes.reports(),
        preflight,
        clock.instant(),
        limits);
  }

  private Nodes nodes(SortedMap<String, NodeReport> reports, Optional<PreflightRequest> preflight) {
    return switch (rollout) {
      case Rollout.StaticPods _ -> {
        SortedSet<String> expected = new TreeSet<>(reports.keySet());
        expected.addAll(controlPlaneNodes());
        yield new Nodes(expected, reports);
      }
      case Rollout.OfDeployment where ->
          new PodObserver(client, component.name(), where)
              .look(reports, preflight, clock.instant());
    };
  }

  private SortedMap<String, NodeReport> reports() {
    SortedMap<String, NodeReport> reports = new TreeMap<>();
    for (GenericKubernetesResource node :
        client.genericKubernetesResources(Contract.ENCRYPTION_NODES).list().getItems()) {
      report(node)
          .filter(report -> component.name().equals(report.component()))
          .ifPresent(report -> reports.put(node.getMetadata().getName(), report));
    }
    return reports;
  }

  /** What an {@code EncryptionNode} says; empty before its agent has said anything. */
  public static Optional<NodeReport> report(GenericKubernetesResource node) {
    return Optional.ofNullable(node.get("status"))
        .map(status -> Json.MAPPER.convertValue(status, NodeReport.class));
  }

  private List<String> controlPlaneNodes() {
    return client.nodes().withLabel(Contract.CONTROL_PLANE_LABEL).list().getItems().stream()
        .map(Node::getMetadata)
        .map(ObjectMeta::getName)
        .toList();
  }

  private Optional<PreflightRequest> preflight() throws IOException, InterruptedException {
    return metadata
        .secret(Contract.MANAGED_NAMESPACE, Contract.preflightSecret(component.name()))
        .map(
            meta -> {
              Map<String, String> annotations = meta.getAnnotations();
              return new PreflightRequest(
                  meta.getUid(),
                  Long.parseLong(annotations.getOrDefault(Contract.KEY_ID, "0")),
                  annotations.getOrDefault(Contract.HANDSHAKE, ""));
            });
  }

  private Optional<Bundle.Revisioned> bundle() throws IOException, InterruptedException {
    return metadata
        .secret(Contract.MANAGED_NAMESPACE, Contract.bundleSecret(component.name()))
        .filter(meta -> meta.getAnnotations().containsKey(Contract.BUNDLE))
        .map(
            meta ->
                new Bundle.Revisioned(
                    Long.parseLong(meta.getAnnotations().getOrDefault(Contract.REVISION, "0")),
                    BundleSummary.read(meta.getAnnotations().get(Contract.BUNDLE))));
  }

  private List<EncryptionKey> keys() throws IOException, InterruptedException {
    return metadata
        .secrets(Contract.MANAGED_NAMESPACE, Contract.COMPONENT_LABEL + "=" + component.name())
        .stream()
        .flatMap(meta -> KeyAnnotations.read(component.name(), meta).stream())
        .toList();
  }
}
