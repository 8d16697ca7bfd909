package io.vaultkms.platform.cluster;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.vaultkms.model.bundle.Bundle;
import io.vaultkms.model.decision.Component;
import io.vaultkms.model.decision.Observation;
import io.vaultkms.model.decision.PreflightRequest;
import io.vaultkms.model.decision.Salvage;
import io.vaultkms.model.decision.Wanted;
import io.vaultkms.model.key.EncryptionKey;
import io.vaultkms.model.node.NodeReport;
import io.vaultkms.model.node.Nodes;
import io.vaultkms.platform.component.ComponentSettings;
import io.vaultkms.platform.component.Rollout;
import io.vaultkms.platform.json.Json;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

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
    Rolling rolling = rolling(this::preflight);
    List<ObjectMeta> keySecrets =
        metadata.secrets(
            Contract.MANAGED_NAMESPACE, Contract.COMPONENT_LABEL + "=" + component.name());
    return observation(
        rolling,
        wanted.wanted(),
        keys(keySecrets),
        Salvage.foreign(
            rolling.newest().isPresent() && rolling.bundle().isEmpty(),
            refusal(Stream.concat(keySecrets.stream(), rolling.newest().stream()))));
  }

  /**
   * What is seen now of the newest bundle and of the nodes, with all else as it was before: enough
   * to see whether a rollout lasts, for a third of the requests.
   *
   * @throws IOException when the cluster did not answer, or not with what was asked for
   */
  public Observation again(Observation before) throws IOException, InterruptedException {
    return observation(rolling(before::preflight), before.wanted(), before.keys(), before.salvage())
        .withRenewed(before.renewed());
  }

  private Observation observation(
      Rolling rolling, Wanted wanted, List<EncryptionKey> keys, Salvage salvage) {
    return new Observation(
        component,
        wanted,
        keys,
        rolling.bundle(),
        rolling.nodes().expected(),
        rolling.nodes().reports(),
        rolling.preflight(),
        clock.instant(),
        limits,
        rolling.appeared(),
        salvage,
        new TreeMap<>());
  }

  @FunctionalInterface
  private interface Fact<T> {
    T read() throws IOException, InterruptedException;
  }

  private Rolling rolling(Fact<Optional<PreflightRequest>> standing)
      throws IOException, InterruptedException {
    SortedMap<String, NodeReport> reports = reports();
    SortedMap<String, Instant> appeared =
        switch (rollout) {
          case Rollout.StaticPods _ -> controlPlaneNodes();
          case Rollout.OfDeployment _ -> new TreeMap<>();
        };
    Optional<PreflightRequest> preflight = standing.read();
    Nodes nodes = nodes(reports, appeared.keySet(), preflight);
    Optional<ObjectMeta> newest = newestBundle();
    return new Rolling(appeared, preflight, nodes, newest, newest.flatMap(Observer::bundle));
  }

  /** The newest bundle and how far it is. */
  private record Rolling(
      SortedMap<String, Instant> appeared,
      Optional<PreflightRequest> preflight,
      Nodes nodes,
      Optional<ObjectMeta> newest,
      Optional<Bundle.Revisioned> bundle) {}

  private Nodes nodes(
      SortedMap<String, NodeReport> reports,
      Set<String> controlPlane,
      Optional<PreflightRequest> preflight) {
    return switch (rollout) {
      case Rollout.StaticPods _ -> {
        SortedSet<String> expected = new TreeSet<>(reports.keySet());
        expected.addAll(controlPlane);
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

  /** With when they came to be. */
  private SortedMap<String, Instant> controlPlaneNodes() {
    SortedMap<String, Instant> nodes = new TreeMap<>();
    for (Node node : client.nodes().withLabel(Contract.CONTROL_PLANE_LABEL).list().getItems()) {
      String created = node.getMetadata().getCreationTimestamp();
      nodes.put(
          node.getMetadata().getName(), created == null ? Instant.MIN : Instant.parse(created));
    }
    return nodes;
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
                  annotations.getOrDefault(Contract.HANDSHAKE, ""),
                  Optional.ofNullable(meta.getCreationTimestamp()).map(Instant::parse),
                  Handshakes.read(annotations.getOrDefault(Contract.REFUSED_BEFORE, "")));
            });
  }

  private Optional<ObjectMeta> newestBundle() throws IOException, InterruptedException {
    return metadata.secret(Contract.MANAGED_NAMESPACE, Contract.bundleSecret(component.name()));
  }

  /** What is noted of a bundle; empty when others wrote it, and nobody has noted anything yet. */
  private static Optional<Bundle.Revisioned> bundle(ObjectMeta meta) {
    Map<String, String> annotations = meta.getAnnotations();
    return Optional.ofNullable(annotations.get(Contract.BUNDLE))
        .map(
            summary ->
                new Bundle.Revisioned(
                    Long.parseLong(annotations.getOrDefault(Contract.REVISION, "0")),
                    BundleSummary.read(summary),
                    Optional.ofNullable(annotations.get(Contract.ROLLED_OUT_TIME))
                        .map(Instant::parse),
                    Long.parseLong(annotations.getOrDefault(Contract.HIGHEST_KEY, "0"))));
  }

  private List<EncryptionKey> keys(List<ObjectMeta> secrets) {
    return secrets.stream()
        .flatMap(meta -> KeyAnnotations.read(component.name(), meta).stream())
        .toList();
  }

  private static Optional<String> refusal(Stream<ObjectMeta> secrets) {
    return secrets
        .flatMap(meta -> Stream.ofNullable(meta.getAnnotations().get(Contract.REFUSED)))
        .findFirst();
  }
}
