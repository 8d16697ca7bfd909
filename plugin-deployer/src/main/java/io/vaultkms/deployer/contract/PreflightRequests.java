package io.vaultkms.deployer.contract;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.vaultkms.platform.cluster.Contract;
import io.vaultkms.platform.cluster.Handshakes;
import java.util.Map;
import java.util.SortedMap;

/**
 * Asks the nodes to try a configuration: one Secret, which each node's agent watches. A new request
 * replaces the old one by delete and create, so that its uid, which the verdicts name, is new.
 * Blocks.
 */
public final class PreflightRequests {
  private final KubernetesClient client;
  private final String component;

  public PreflightRequests(KubernetesClient client, String component) {
    this.client = client;
    this.component = component;
  }

  /**
   * Asks for a preflight and withdraws any other.
   *
   * @param refused what has been refused by now, by key
   */
  public void ask(long keyId, KeySecrets.KmsKey key, SortedMap<Long, String> refused) {
    withdraw();
    Secret request =
        new SecretBuilder()
            .withNewMetadata()
            .withNamespace(Contract.MANAGED_NAMESPACE)
            .withName(Contract.preflightSecret(component))
            .withAnnotations(
                Map.of(
                    Contract.KEY_ID,
                    Long.toString(keyId),
                    Contract.HANDSHAKE,
                    key.handshake(),
                    Contract.REFUSED_BEFORE,
                    Handshakes.write(refused)))
            .endMetadata()
            .withType("Opaque")
            .withData(key.data().toSecret())
            .build();
    client.resource(request).create();
  }

  /** Ends the request that stands, if any. */
  public void withdraw() {
    client
        .secrets()
        .inNamespace(Contract.MANAGED_NAMESPACE)
        .withName(Contract.preflightSecret(component))
        .delete();
  }
}
