package io.vaultkms.deployer.rollout;

import io.vaultkms.deployer.contract.BundleSecrets;
import io.vaultkms.model.decision.PreflightRequest;
import java.util.Optional;

/**
 * What the deployer itself does to bring a bundle to the API servers, and to have a configuration
 * tried. What has come of it is observed, never remembered here, so each look may begin anew.
 */
public interface RolloutWay {
  /** Agents on the nodes follow by themselves. */
  RolloutWay AGENTS = (_, _) -> {};

  /**
   * Goes on towards what stands on the cluster; does nothing when all is there. Blocks.
   *
   * @param newest the bundle that every API server is to have
   * @param request the preflight that stands; any other one's trial is ended
   * @throws io.fabric8.kubernetes.client.KubernetesClientException with code 409 when somebody else
   *     changed what was read
   */
  void follow(Optional<BundleSecrets.Stored> newest, Optional<PreflightRequest> request);
}
