package io.vaultkms.deployer.rollout;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.vaultkms.deployer.contract.KeyData;
import io.vaultkms.model.decision.PreflightRequest;
import io.vaultkms.platform.cluster.Contract;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a configuration tried by a pod of its own where the API servers' pods run, with the candidate
 * plugin beside: of the same ServiceAccount, on nodes that those may use, in their network. It
 * gives its verdict in an {@code EncryptionNode}, again and again until the request goes, so that
 * what is mended in Vault is noticed. Blocks.
 */
final class PreflightPods {
  private static final Logger LOG = LoggerFactory.getLogger(PreflightPods.class);
  private static final int UID_CHARACTERS = 8;
  private static final Set<String> ENDED = Set.of("Failed", "Succeeded");

  private final KubernetesClient client;
  private final String component;
  private final String namespace;
  private final SidecarSettings settings;

  PreflightPods(
      KubernetesClient client, String component, String namespace, SidecarSettings settings) {
    this.client = client;
    this.component = component;
    this.namespace = namespace;
    this.settings = settings;
  }

  /**
   * Has the request that stands tried, and ends the trial of any other. A pod that has ended, one
   * that was evicted, say, is deleted, and made anew at the look after it has gone.
   *
   * @param like the API servers' pods
   */
  void follow(Optional<PreflightRequest> request, PodSpec like) {
    String wanted = request.map(this::name).orElse("");
    boolean there = false;
    for (Pod pod :
        client
            .pods()
            .inNamespace(namespace)
            .withLabel(Contract.PREFLIGHT_LABEL, component)
            .list()
            .getItems()) {
      boolean asked = pod.getMetadata().getName().equals(wanted);
      there |= asked;
      if (!asked || hasEnded(pod)) {
        client.resource(pod).delete();
      }
    }
    for (Secret secret :
        client
            .secrets()
            .inNamespace(namespace)
            .withLabel(Contract.PREFLIGHT_LABEL, component)
            .list()
            .getItems()) {
      if (!secret.getMetadata().getName().equals(wanted)) {
        client.resource(secret).delete();
      }
    }
    if (request.isPresent() && !there) {
      begin(request.get(), like);
    }
  }

  /** Whether nothing in it ever runs again. */
  private static boolean hasEnded(Pod pod) {
    return pod.getStatus() != null && ENDED.contains(String.valueOf(pod.getStatus().getPhase()));
  }

  private String name(PreflightRequest request) {
    return Contract.preflightSecret(component)
        + "-"
        + request.id().substring(0, Math.min(UID_CHARACTERS, request.id().length()));
  }

  private void begin(PreflightRequest request, PodSpec like) {
    Secret asked =
        client
            .secrets()
            .inNamespace(Contract.MANAGED_NAMESPACE)
            .withName(Contract.preflightSecret(component))
            .get();
    if (asked == null || !asked.getMetadata().getUid().equals(request.id())) {
      return;
    }
    client
        .resource(
            new SecretBuilder()
                .withMetadata(meta(request))
                .withType("Opaque")
                .withData(asked.getData())
                .build())
        .createOr(existing -> existing.update());
    client.resource(pod(request, KeyData.fromSecret(asked.getData()), like)).create();
    LOG.info("preflight of configuration {} begins in pod {}", request.hash(), name(request));
  }

  private ObjectMeta meta(PreflightRequest request) {
    return new ObjectMetaBuilder()
        .withNamespace(namespace)
        .withName(name(request))
        .withLabels(Map.of(Contract.PREFLIGHT_LABEL, component))
        .withAnnotations(Map.of(Contract.REQUEST, request.id()))
        .build();
  }

  private Pod pod(PreflightRequest request, KeyData key, PodSpec like) {
    List<KeyToPath> files =
        Sidecars.files(
            request.keyId(), key, entry -> Contract.DATA_PREFIX + Contract.KMS_PLUGIN + entry);
    return new PodBuilder()
        .withMetadata(meta(request))
        .withNewSpec()
        .withServiceAccountName(like.getServiceAccountName())
        .withImagePullSecrets(like.getImagePullSecrets())
        .withNodeSelector(like.getNodeSelector())
        .withAffinity(like.getAffinity())
        .withTolerations(like.getTolerations())
        .withHostNetwork(like.getHostNetwork())
        .withDnsPolicy(like.getDnsPolicy())
        .withRestartPolicy("Always")
        .withTerminationGracePeriodSeconds(5L)
        .withInitContainers(
            Sidecars.plugin("vault-kms-preflight-" + request.keyId(), request.keyId(), key))
        .withContainers(trial(request))
        .withVolumes(
            Sidecars.emptyVolume(Sidecars.SOCKET_VOLUME),
            Sidecars.emptyVolume(Sidecars.TMP_VOLUME),
            Sidecars.secretVolume(Sidecars.DATA_VOLUME, name(request), files))
        .endSpec()
        .build();
  }

  private Container trial(PreflightRequest request) {
    return Sidecars.reporter(
            "preflight",
            settings,
            component,
            List.of(
                Sidecars.value("PREFLIGHT_REQUEST", request.id()),
                Sidecars.value("PREFLIGHT_HASH", request.hash()),
                Sidecars.value("PREFLIGHT_KEY_ID", Long.toString(request.keyId()))))
        .withRestartPolicy(null)
        .withArgs("plugin-deployer", "preflight")
        .withVolumeMounts(Sidecars.sockets(), Sidecars.tmp())
        .build();
  }
}
