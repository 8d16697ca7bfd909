package io.vaultkms.deployer.agent;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.vaultkms.model.node.NodeReport;
import io.vaultkms.model.node.NodeReport.PluginReport;
import io.vaultkms.platform.cluster.Contract;
import io.vaultkms.platform.cluster.Observer;
import io.vaultkms.platform.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Keeps this node's {@code EncryptionNode} true: at once when anything changed, and every so often
 * when nothing did, so that silence means something. For one thread.
 */
final class Reporter {
  private static final PatchContext APPLY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager("vaultkms-agent")
          .withForce(true)
          .build();

  private final KubernetesClient cluster;
  private final String node;
  private final Duration heartbeat;
  private @Nullable NodeReport last;
  private boolean owned;

  Reporter(KubernetesClient cluster, String node, Duration heartbeat) {
    this.cluster = cluster;
    this.node = node;
    this.heartbeat = heartbeat;
  }

  /** What this node said last, by an earlier agent too. */
  Optional<NodeReport> previous() {
    return Optional.ofNullable(
            cluster.genericKubernetesResources(Contract.ENCRYPTION_NODES).withName(node).get())
        .flatMap(Observer::report);
  }

  void report(NodeReport report) {
    if (last != null && !changed(last, report) && !due(last, report)) {
      return;
    }
    if (last == null || !owned) {
      applyObject();
    }
    if (!tell(report)) {
      // Somebody has deleted the object meanwhile.
      last = null;
      applyObject();
      if (!tell(report)) {
        throw new IllegalStateException("EncryptionNode " + node + " goes as soon as it is made");
      }
    }
    last = report;
  }

  /** False when there is no such object. */
  private boolean tell(NodeReport report) {
    Object status = Json.MAPPER.convertValue(report, Map.class);
    return cluster
            .resource(object(new ObjectMetaBuilder(), Map.of("status", status)))
            .subresource("status")
            .patch(APPLY)
        != null;
  }

  /**
   * Owned by its Node, so that it goes when the node goes: one that stayed would hold up every
   * rollout. A Node that registers later than its agent reports becomes the owner then.
   */
  private void applyObject() {
    ObjectMetaBuilder meta = new ObjectMetaBuilder();
    Node owner = cluster.nodes().withName(node).get();
    if (owner != null) {
      meta.addToOwnerReferences(
          new OwnerReferenceBuilder()
              .withApiVersion("v1")
              .withKind("Node")
              .withName(node)
              .withUid(owner.getMetadata().getUid())
              .build());
    }
    cluster.resource(object(meta, Map.of())).patch(APPLY);
    owned = owner != null;
  }

  private boolean due(NodeReport before, NodeReport now) {
    return !now.reportedTime().isBefore(before.reportedTime().plus(heartbeat));
  }

  private static boolean changed(NodeReport before, NodeReport now) {
    return !timeless(before).equals(timeless(now));
  }

  /** The same report without the times at which things were looked at. */
  private static NodeReport timeless(NodeReport report) {
    List<PluginReport> plugins =
        report.plugins().stream()
            .map(
                plugin ->
                    new PluginReport(
                        plugin.keyId(),
                        plugin.status(),
                        plugin.remoteKeyId(),
                        plugin.remoteKeyIdTime(),
                        Instant.EPOCH,
                        plugin.detail()))
            .toList();
    return new NodeReport(
        report.component(),
        report.observedRevision(),
        report.convergedRevision(),
        report.convergedTime(),
        report.configHash(),
        report.apiServerReady(),
        plugins,
        report.preflight(),
        Instant.EPOCH,
        report.message(),
        report.waitingSince());
  }

  private GenericKubernetesResource object(ObjectMetaBuilder meta, Map<String, Object> properties) {
    return new GenericKubernetesResourceBuilder()
        .withApiVersion("vaultkms.io/v1alpha1")
        .withKind("EncryptionNode")
        .withMetadata(meta.withName(node).build())
        .withAdditionalProperties(properties)
        .build();
  }
}
