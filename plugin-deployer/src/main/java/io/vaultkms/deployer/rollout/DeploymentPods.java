package io.vaultkms.deployer.rollout;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.vaultkms.deployer.contract.BundleSecrets;
import io.vaultkms.deployer.contract.KeyData;
import io.vaultkms.model.config.Mode;
import io.vaultkms.model.decision.PreflightRequest;
import io.vaultkms.platform.cluster.Contract;
import io.vaultkms.platform.cluster.Observer;
import io.vaultkms.platform.component.Rollout.OfDeployment;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings bundles to the pods of a Deployment: its template carries the plugins of the newest bundle
 * and the bundle's own Secret, so that the cluster's rolling update is the rollout. Blocks; for one
 * thread.
 */
public final class DeploymentPods implements RolloutWay {
  private static final Logger LOG = LoggerFactory.getLogger(DeploymentPods.class);
  private static final int CONFLICT = 409;

  private final KubernetesClient client;
  private final BundleSecrets bundles;
  private final String component;
  private final OfDeployment where;
  private final SidecarSettings settings;
  private final PreflightPods preflights;

  /**
   * @param bundles the component's, of which the newest is asked for again before it goes out
   */
  public DeploymentPods(
      KubernetesClient client,
      BundleSecrets bundles,
      String component,
      OfDeployment where,
      SidecarSettings settings) {
    this.client = client;
    this.bundles = bundles;
    this.component = component;
    this.where = where;
    this.settings = settings;
    this.preflights = new PreflightPods(client, component, where.namespace(), settings);
  }

  /**
   * Does what there is to do.
   *
   * @throws KubernetesClientException with code 409 when the Deployment or the newest bundle is
   *     another by now
   */
  @Override
  public void follow(Optional<BundleSecrets.Stored> newest, Optional<PreflightRequest> request) {
    Deployment deployment =
        client.apps().deployments().inNamespace(where.namespace()).withName(where.name()).get();
    if (deployment == null) {
      LOG.warn("there is no Deployment {}, which is to run {}", where, component);
      return;
    }
    newest.ifPresent(bundle -> carry(deployment, bundle));
    preflights.follow(request, deployment.getSpec().getTemplate().getSpec());
    forgetPods(deployment, request.isPresent());
  }

  private void carry(Deployment deployment, BundleSecrets.Stored newest) {
    // The pods mount the copy: one that was deleted is restored first.
    Secret bundle =
        client
            .secrets()
            .inNamespace(where.namespace())
            .withName(Contract.revisionSecret(newest.revision()))
            .get();
    if (bundle == null) {
      return;
    }
    PodTemplate template =
        new PodTemplate(component, settings, newest.revision(), plugins(newest, bundle));
    if (template.isOn(deployment.getSpec().getTemplate())) {
      return;
    }
    checkStillNewest(newest);
    client
        .resource(
            new DeploymentBuilder(deployment)
                .editSpec()
                .withTemplate(template.on(deployment.getSpec().getTemplate()))
                .endSpec()
                .build())
        .lockResourceVersion(deployment.getMetadata().getResourceVersion())
        .update();
    LOG.info("Deployment {} carries revision {}", where, newest.revision());
  }

  /**
   * A look may have lasted long, and another deployer may have gone on meanwhile. The Deployment
   * was read before this, so that whatever comes after it changes what the update is locked to.
   */
  private void checkStillNewest(BundleSecrets.Stored seen) {
    boolean same =
        bundles
            .newest()
            .filter(now -> now.revision() == seen.revision())
            .filter(now -> now.resourceVersion().equals(seen.resourceVersion()))
            .isPresent();
    if (!same) {
      throw new KubernetesClientException(
          "the newest bundle is another than revision %d by now: Deployment %s stays as it is"
              .formatted(seen.revision(), where),
          CONFLICT,
          null);
    }
  }

  private static SortedMap<Long, KeyData> plugins(BundleSecrets.Stored newest, Secret bundle) {
    SortedMap<Long, KeyData> plugins = new TreeMap<>();
    newest
        .bundle()
        .keys()
        .forEach(
            (id, key) -> {
              if (key.mode() == Mode.KMS) {
                plugins.put(id, KeyData.fromBundle(bundle.getData(), id));
              }
            });
    return plugins;
  }

  /** Nobody else removes the reports of pods that are gone: each rollout makes new pods. */
  private void forgetPods(Deployment deployment, boolean preflight) {
    Set<String> known = new HashSet<>();
    for (Pod pod :
        client
            .pods()
            .inNamespace(where.namespace())
            .withLabelSelector(deployment.getSpec().getSelector())
            .list()
            .getItems()) {
      known.add(Contract.podReport(component, pod.getMetadata().getName()));
    }
    if (preflight) {
      known.add(Contract.preflightReport(component));
    }
    for (GenericKubernetesResource node :
        client.genericKubernetesResources(Contract.ENCRYPTION_NODES).list().getItems()) {
      boolean ours =
          Observer.report(node).filter(it -> component.equals(it.component())).isPresent();
      if (ours && !known.contains(node.getMetadata().getName())) {
        client
            .genericKubernetesResources(Contract.ENCRYPTION_NODES)
            .withName(node.getMetadata().getName())
            .delete();
      }
    }
  }
}
