package io.vaultkms.lab.deployment;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fabric8.kubernetes.api.model.authentication.TokenReview;
import io.fabric8.kubernetes.api.model.authentication.TokenReviewBuilder;
import io.fabric8.kubernetes.api.model.authentication.UserInfo;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.vaultkms.lab.apiserver.StoredNamespaces;
import io.vaultkms.lab.apiserver.TlsPem;
import io.vaultkms.lab.apiserver.Tokens;
import io.vaultkms.lab.apiserver.User;
import io.vaultkms.lab.apiserver.resource.ResourceType;
import io.vaultkms.lab.apiserver.store.EtcdStore;
import io.vaultkms.lab.tls.CertificateAuthority;
import java.io.ByteArrayInputStream;
import java.util.Base64;
import java.util.Optional;

/**
 * How a real control plane passes one API group on: an APIService that names a Service, and a
 * Service that leads to this machine, since no network of pods is here.
 */
final class KubeAggregation {
  private static final String SERVICE = "api";

  private final KubernetesClient admin;
  private final ResourceType type;
  private final String namespace;

  KubeAggregation(KubernetesClient admin, ResourceType type, String namespace) {
    this.admin = admin;
    this.type = type;
    this.namespace = namespace;
  }

  /** What an API server of the group shows to the control plane, and believes it by. */
  TlsPem tls(CertificateAuthority authority, String frontProxyCa) {
    CertificateAuthority.Issued issued =
        authority.issue(SERVICE + "." + namespace + ".svc", "localhost", "127.0.0.1");
    return new TlsPem(issued.certPem(), issued.keyPem(), frontProxyCa);
  }

  /** Tokens that the control plane is asked about. */
  Tokens tokens() {
    return new Tokens(this::review);
  }

  private Optional<User> review(String token) {
    TokenReview answer =
        admin
            .resource(new TokenReviewBuilder().withNewSpec().withToken(token).endSpec().build())
            .create();
    return Optional.ofNullable(answer.getStatus())
        .filter(status -> Boolean.TRUE.equals(status.getAuthenticated()))
        .map(status -> user(status.getUser()));
  }

  private static User user(UserInfo info) {
    return new User(info.getUsername(), info.getGroups());
  }

  /** An empty store that knows the namespaces that the cluster has now. */
  EtcdStore store() {
    EtcdStore store = new EtcdStore();
    StoredNamespaces.make(
        store,
        admin.namespaces().list().getItems().stream()
            .map(known -> known.getMetadata().getName())
            .toList());
    return store;
  }

  /**
   * Tells the control plane.
   *
   * @param port of the loopback address at which the group's API servers are reached
   */
  void register(int port, String caPem) {
    String objects =
        """
        apiVersion: v1
        kind: Service
        metadata:
          namespace: %1$s
          name: %2$s
        spec:
          type: ExternalName
          externalName: localhost
        ---
        apiVersion: apiregistration.k8s.io/v1
        kind: APIService
        metadata:
          name: %3$s.%4$s
        spec:
          group: %4$s
          version: %3$s
          groupPriorityMinimum: 1000
          versionPriority: 15
          caBundle: %6$s
          service:
            namespace: %1$s
            name: %2$s
            port: %5$d
        """
            .formatted(
                namespace,
                SERVICE,
                type.version(),
                type.group(),
                port,
                Base64.getEncoder().encodeToString(caPem.getBytes(UTF_8)));
    admin.load(new ByteArrayInputStream(objects.getBytes(UTF_8))).create();
  }
}
