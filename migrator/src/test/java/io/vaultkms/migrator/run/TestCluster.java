package io.vaultkms.migrator.run;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.vaultkms.lab.apiserver.Faults;
import io.vaultkms.lab.apiserver.LabControlPlane;
import io.vaultkms.lab.apiserver.LabControlPlaneOptions;
import io.vaultkms.lab.apiserver.LabTls;
import io.vaultkms.lab.apiserver.envelope.KmsTiming;
import io.vaultkms.lab.cluster.Kubeconfig;
import io.vaultkms.lab.tls.CertificateAuthority;
import io.vaultkms.model.bundle.Bundle;
import io.vaultkms.model.config.Mode;
import io.vaultkms.model.decision.Component;
import io.vaultkms.platform.cluster.BundleSummary;
import io.vaultkms.platform.cluster.Contract;
import io.vaultkms.platform.cluster.KeyAnnotations;
import io.vaultkms.platform.json.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Two API servers with local keys, and what the other services would have put on the cluster. */
final class TestCluster implements AutoCloseable {
  static final List<String> NODES = List.of("n1", "n2");
  static final String MARKER = "the-marker-that-must-not-get-out";
  private static final Duration POLL = Duration.ofMillis(50);
  private static final String NAMESPACE = "app";
  private static final int REPORT_SECONDS = 20;

  final LabControlPlane plane;
  final KubernetesClient client;
  private final Path folder;
  private long revision;

  private final ScheduledExecutorService agents =
      Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().factory());

  private TestCluster(Path folder, int history) throws Exception {
    this.folder = folder;
    CertificateAuthority authority = CertificateAuthority.create("test");
    LabTls tls = LabTls.of(authority);
    KmsTiming timing = new KmsTiming(POLL, POLL, POLL, Duration.ofMinutes(3));
    this.plane =
        LabControlPlane.start(
            new LabControlPlaneOptions(
                    NODES, node -> folder.resolve(node).resolve("encryption.json"), tls)
                .withHistory(history)
                .withServer(server -> server.withTiming(timing)));
    this.client = new KubernetesClientBuilder().withConfig(config()).build();
    for (String namespace : List.of(Contract.MANAGED_NAMESPACE, NAMESPACE)) {
      client
          .resource(new NamespaceBuilder().withNewMetadata().withName(namespace).and().build())
          .create();
    }
    writeWith(0);
    report(0);
  }

  static TestCluster start(Path folder) throws Exception {
    return new TestCluster(folder, 100_000);
  }

  static TestCluster start(Path folder, int history) throws Exception {
    return new TestCluster(folder, history);
  }

  Config config() {
    return new ConfigBuilder(
            Config.fromKubeconfig(
                new Kubeconfig(plane.url(), plane.caCertificate(), plane.adminToken()).text()))
        .withRequestRetryBackoffLimit(3)
        .build();
  }

  Path kubeconfig() {
    return new Kubeconfig(plane.url(), plane.caCertificate(), plane.adminToken())
        .write(folder.resolve("kubeconfig"));
  }

  Faults faults(String node) {
    return plane.server(node).faults();
  }

  /** Secrets that hold the marker. */
  void seed(String prefix, int secrets) throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (int i = 0; i < secrets; i++) {
        String name = "%s-%05d".formatted(prefix, i);
        threads.submit(() -> client.resource(secret(name)).create());
      }
    }
  }

  private static io.fabric8.kubernetes.api.model.Secret secret(String name) {
    return new SecretBuilder()
        .withNewMetadata()
        .withNamespace(NAMESPACE)
        .withName(name)
        .endMetadata()
        .addToData("value", Base64.getEncoder().encodeToString(MARKER.getBytes()))
        .build();
  }

  /** Creates a Secret on one node's API server. */
  void create(String node, String name) {
    Config config = new ConfigBuilder(config()).withMasterUrl(plane.url(node).toString()).build();
    try (KubernetesClient own = new KubernetesClientBuilder().withConfig(config).build()) {
      own.resource(secret(name)).create();
    }
  }

  /** All that makes the next step a migration to key 1 of mode aesgcm. */
  void wantMigration() throws Exception {
    GenericKubernetesResource wanted = new GenericKubernetesResource();
    wanted.setApiVersion("config.openshift.io/v1");
    wanted.setKind("APIServer");
    wanted.setMetadata(new ObjectMetaBuilder().withName("cluster").build());
    wanted.setAdditionalProperty("spec", Map.of("encryption", Map.of("type", "aesgcm")));
    client.resource(wanted).create();
    writeWith(1);
    client
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withNamespace(Contract.MANAGED_NAMESPACE)
                .withName(Contract.keySecret("kube-apiserver", 1))
                .addToLabels(Contract.COMPONENT_LABEL, "kube-apiserver")
                .addToAnnotations(Contract.MODE, "aesgcm")
                .endMetadata()
                .build())
        .create();
    bundle();
    report(revision);
  }

  /** Rolls out the same bundle under the next number. */
  void bundle() {
    revision++;
    Bundle bundle =
        Bundle.EMPTY
            .withReadKey(
                Component.KUBE_APISERVER.resources(),
                1,
                new Bundle.KeyContent(Mode.AESGCM, Optional.empty()))
            .withWriteKey(Component.KUBE_APISERVER.resources(), 1);
    client
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withNamespace(Contract.MANAGED_NAMESPACE)
                .withName(Contract.bundleSecret("kube-apiserver"))
                .addToAnnotations(Contract.BUNDLE, BundleSummary.write(bundle))
                .addToAnnotations(Contract.REVISION, Long.toString(revision))
                .endMetadata()
                .build())
        .createOr(existing -> existing.update());
  }

  /** Every node says that it has converged on that revision just now. */
  void report(long converged) {
    NODES.forEach(node -> report(node, converged, Instant.now()));
  }

  void report(String node, long converged, Instant since) {
    report(node, converged, since, Optional.empty());
  }

  /**
   * From now on the nodes say the same again now and then, as agents do: a node that has said
   * nothing for two minutes counts as silent, and nothing goes on. Ends with the cluster.
   */
  void keepReporting() {
    Instant since = Instant.now();
    agents.scheduleWithFixedDelay(
        () -> NODES.forEach(node -> report(node, revision, since)),
        REPORT_SECONDS,
        REPORT_SECONDS,
        TimeUnit.SECONDS);
  }

  /** Every node has reported for ten minutes that the plugin of key 1 uses that remote key. */
  void reportRemoteKey(String remoteKey) {
    Instant since = Instant.now().minusSeconds(600).truncatedTo(ChronoUnit.MILLIS);
    NODES.forEach(node -> report(node, revision, since, Optional.of(remoteKey)));
  }

  private void report(String node, long converged, Instant since, Optional<String> remoteKey) {
    GenericKubernetesResource object = new GenericKubernetesResource();
    object.setApiVersion("vaultkms.io/v1alpha1");
    object.setKind("EncryptionNode");
    object.setMetadata(new ObjectMetaBuilder().withName(node).build());
    var nodes = client.genericKubernetesResources(Contract.ENCRYPTION_NODES).withName(node);
    if (nodes.get() == null) {
      client.resource(object).create();
    }
    Map<String, Object> status = new HashMap<>();
    status.put("component", "kube-apiserver");
    status.put("observedRevision", revision);
    status.put("convergedRevision", converged);
    status.put("convergedTime", since.truncatedTo(ChronoUnit.MILLIS).toString());
    status.put("apiServerReady", true);
    status.put("reportedTime", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
    remoteKey.ifPresent(
        id ->
            status.put(
                "plugins",
                List.of(
                    Map.of(
                        "keyID",
                        1,
                        "status",
                        "Healthy",
                        "remoteKeyID",
                        id,
                        "remoteKeyIDTime",
                        status.get("convergedTime"),
                        "lastCheckedTime",
                        status.get("reportedTime"),
                        "detail",
                        ""))));
    nodes
        .subresource("status")
        .patch(PatchContext.of(PatchType.JSON_MERGE), Json.write(Map.of("status", status)));
  }

  /** Every API server writes with that key, 0 for plaintext, when this returns. */
  void writeWith(int key) throws Exception {
    for (String node : NODES) {
      writeWith(node, key);
    }
  }

  /** One API server writes with that key and reads both. */
  void writeWith(String node, int key) throws Exception {
    ObjectNode document = Json.MAPPER.createObjectNode();
    document.put("apiVersion", "apiserver.config.k8s.io/v1");
    document.put("kind", "EncryptionConfiguration");
    var resource = document.putArray("resources").addObject();
    resource.putArray("resources").add("secrets").add("configmaps");
    var providers = resource.putArray("providers");
    if (key == 0) {
      providers.addObject().putObject("identity");
    }
    byte[] secret = new byte[32];
    var gcm = providers.addObject().putObject("aesgcm").putArray("keys").addObject();
    gcm.put("name", "1").put("secret", Base64.getEncoder().encodeToString(secret));
    if (key != 0) {
      providers.addObject().putObject("identity");
    }
    byte[] text = Json.write(document).getBytes(StandardCharsets.UTF_8);
    Path file = plane.encryptionConfig(node);
    Path next = file.resolveSibling("next");
    Files.write(next, text);
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    String hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    Config config = new ConfigBuilder(config()).withMasterUrl(plane.url(node).toString()).build();
    try (KubernetesClient own = new KubernetesClientBuilder().withConfig(config).build()) {
      await().until(() -> own.raw("/metrics").contains(hash));
    }
  }

  /** How many Secrets are stored under which prefix. */
  Map<String, Long> census() {
    return new TreeMap<>(plane.census().get("secrets"));
  }

  /** The annotations of key 1. */
  io.vaultkms.model.key.EncryptionKey key() {
    var secret =
        client
            .secrets()
            .inNamespace(Contract.MANAGED_NAMESPACE)
            .withName(Contract.keySecret("kube-apiserver", 1))
            .get();
    return KeyAnnotations.read("kube-apiserver", secret.getMetadata()).orElseThrow();
  }

  /** As somebody does who wants everything to be encrypted again. */
  void forgetMigrated() {
    client
        .secrets()
        .inNamespace(Contract.MANAGED_NAMESPACE)
        .withName(Contract.keySecret("kube-apiserver", 1))
        .edit(
            secret -> {
              secret.getMetadata().getAnnotations().remove(Contract.MIGRATED_RESOURCES);
              return secret;
            });
  }

  @Override
  public void close() {
    agents.shutdownNow();
    client.close();
    plane.close();
  }
}
