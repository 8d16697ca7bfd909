package io.vaultkms.lab.world;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.vaultkms.lab.apiserver.ConfigurationRules;
import io.vaultkms.lab.apiserver.LabControlPlane;
import io.vaultkms.lab.apiserver.LabControlPlaneOptions;
import io.vaultkms.lab.apiserver.LabTls;
import io.vaultkms.lab.apiserver.envelope.KmsTiming;
import io.vaultkms.lab.apiserver.resource.Admission;
import io.vaultkms.lab.broker.LabBroker;
import io.vaultkms.lab.cluster.ControlPlane;
import io.vaultkms.lab.cluster.Kubeconfig;
import io.vaultkms.lab.kubelet.LabKubelet;
import io.vaultkms.lab.kubelet.MirrorPods;
import io.vaultkms.lab.plugin.PluginCommand;
import io.vaultkms.lab.tls.CertificateAuthority;
import io.vaultkms.lab.vault.LabVault;
import io.vertx.core.Vertx;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * A cluster with everything around it, on this machine: a Kafka broker, Vault with a Transit key
 * and an AppRole, a control plane, and a kubelet on each node. The services and agents are not in
 * it: they are what it is for. Closing it ends every process and keeps nothing but the folder.
 */
public final class World implements AutoCloseable {
  /** The image that the kubelets know, by a digest as the configuration API asks for one. */
  public static final String PLUGIN_IMAGE =
      "registry.lab.example/vault/kube-kms@sha256:" + "0123456789abcdef".repeat(4);

  /** A later build of the same plugin. */
  public static final String NEWER_PLUGIN_IMAGE =
      "registry.lab.example/vault/kube-kms@sha256:" + "fedcba9876543210".repeat(4);

  public static final String KEY_MOUNT = "transit";
  public static final String KEY_NAME = "kubernetes";
  private static final String AGENT = "node-agent";
  private static final String APP_ROLE_SECRET = "vault-approle";

  private final Path folder;
  private final Vertx vertx = Vertx.vertx();
  private final LabBroker broker;
  private final LabVault vault;
  private final ControlPlane controlPlane;
  private final KubernetesClient admin;
  private final Furnishing furnishing;
  private final Map<String, LabKubelet> kubelets = new LinkedHashMap<>();
  private final Map<String, List<String>> images = new ConcurrentHashMap<>();
  private final String roleId;
  private String secretId;
  private WantedDocument applied;

  private World(Path folder, Function<ControlPlaneSite, ControlPlane> backend, int nodes) {
    this.folder = folder;
    CertificateAuthority authority = CertificateAuthority.create("lab");
    this.broker = LabBroker.start(folder.resolve("kafka"));
    this.vault = LabVault.start(LabVault.Options.of(vertx, authority));
    vault.createTransitKey("", KEY_MOUNT, KEY_NAME);
    this.roleId = vault.createAppRole("", "approle", KEY_MOUNT + "/keys/" + KEY_NAME);
    this.secretId = vault.newSecretId(roleId);
    List<String> names = IntStream.rangeClosed(1, nodes).mapToObj(n -> "node-" + n).toList();
    this.controlPlane =
        backend.apply(new ControlPlaneSite(folder, names, this::encryptionConfig, authority));
    this.admin =
        new KubernetesClientBuilder()
            .withConfig(
                new ConfigBuilder(Config.fromKubeconfig(adminKubeconfig().text()))
                    .withOnlyHttpWatches(true)
                    .build())
            .build();
    addImage(PLUGIN_IMAGE, PluginCommand.of(List.of()));
    addImage(NEWER_PLUGIN_IMAGE, PluginCommand.of(List.of()));
    this.furnishing = new Furnishing(admin);
    furnishing.begin(names, vault.caPem());
    putCredentials(secretId);
    names.forEach(node -> kubelets.put(node, startKubelet(node)));
  }

  /** What a control plane is built from. */
  public record ControlPlaneSite(
      Path folder,
      List<String> nodes,
      Function<String, Path> encryptionConfig,
      CertificateAuthority authority) {}

  /**
   * Starts everything and returns when the API servers answer.
   *
   * @param folder a short path: Linux allows 107 bytes for a socket's
   */
  public static World start(
      Path folder, Function<ControlPlaneSite, ControlPlane> backend, int nodes) {
    return new World(folder, backend, nodes);
  }

  /** The backend that needs nothing but this JVM. */
  public static ControlPlane standIn(ControlPlaneSite site) {
    return standIn(site, KmsTiming.LAB.reload());
  }

  /** The same whose API servers look at their EncryptionConfiguration file as often as is said. */
  public static ControlPlane standIn(ControlPlaneSite site, Duration reload) {
    return standIn(site, reload, new ConfigurationRules());
  }

  /**
   * The same whose CRD of the configuration has no rules: what is wrong is left to the services.
   */
  public static ControlPlane standInWithoutRules(ControlPlaneSite site) {
    return standIn(site, KmsTiming.LAB.reload(), Admission.NONE);
  }

  private static ControlPlane standIn(ControlPlaneSite site, Duration reload, Admission admission) {
    KmsTiming lab = KmsTiming.LAB;
    KmsTiming timing = new KmsTiming(reload, lab.healthy(), lab.failing(), lab.writeLimit());
    return LabControlPlane.start(
        new LabControlPlaneOptions(
                site.nodes(), site.encryptionConfig(), LabTls.of(site.authority()))
            .withServer(server -> server.withTiming(timing).withAdmission(admission)));
  }

  /** Writes the AppRole Secret that the configuration names. */
  public void putCredentials(String newSecretId) {
    secretId = newSecretId;
    furnishing.putCredentials(APP_ROLE_SECRET, roleId, newSecretId);
  }

  /** The secret id that was written last. */
  public String secretId() {
    return secretId;
  }

  private LabKubelet startKubelet(String node) {
    return LabKubelet.start(
        root(node).resolve("etc/kubernetes/manifests"),
        folder.resolve("logs").resolve(node),
        image -> images.getOrDefault(image, List.of()),
        new MirrorPods(admin, node));
  }

  /**
   * Lets the kubelets know one more image.
   *
   * @param command what it stands for; the arguments of a pod follow it
   */
  public void addImage(String image, List<String> command) {
    images.put(image, List.copyOf(command));
  }

  /** What asks for encryption with the Transit key of this world's Vault. */
  public WantedDocument wanted() {
    return WantedDocument.vault(
        PLUGIN_IMAGE, vault.address(), KEY_MOUNT + "/keys/" + KEY_NAME, APP_ROLE_SECRET);
  }

  /** The same as YAML. */
  public String apiServerDocument() {
    return wanted().yaml();
  }

  /** The same for another key or other credentials. */
  public String apiServerDocument(String keyPath, String secretName) {
    return wanted().withKeyPath(keyPath).withSecret(secretName).yaml();
  }

  /** Does what {@code kubectl apply --server-side} does with a document. */
  public void apply(WantedDocument document) {
    apply(document.yaml());
    applied = document;
  }

  /** The document that the API server took last. */
  public WantedDocument applied() {
    return applied;
  }

  /** Does what {@code kubectl apply --server-side} does with a document. */
  public void apply(String yaml) {
    for (HasMetadata object : admin.load(new ByteArrayInputStream(yaml.getBytes(UTF_8))).items()) {
      admin
          .resource(object)
          .patch(
              new PatchContext.Builder()
                  .withPatchType(PatchType.SERVER_SIDE_APPLY)
                  .withFieldManager("admin")
                  .withForce(true)
                  .build());
    }
  }

  /** The folder that stands for a node's file system. */
  public Path root(String node) {
    return folder.resolve(node);
  }

  private Path encryptionConfig(String node) {
    return root(node).resolve("etc/kubernetes/encryption/encryption-config.json");
  }

  public Path folder() {
    return folder;
  }

  public LabBroker broker() {
    return broker;
  }

  public LabVault vault() {
    return vault;
  }

  public String roleId() {
    return roleId;
  }

  public ControlPlane controlPlane() {
    return controlPlane;
  }

  public LabKubelet kubelet(String node) {
    return kubelets.get(node);
  }

  /** A client that may do everything, through the load balancer. */
  public KubernetesClient admin() {
    return admin;
  }

  public Kubeconfig adminKubeconfig() {
    return new Kubeconfig(
        controlPlane.url(), controlPlane.caCertificate(), controlPlane.adminToken());
  }

  /** Writes the kubeconfig of a service account, as a service or an agent is given it. */
  public Path kubeconfig(String serviceAccount) {
    String namespace =
        serviceAccount.equals(AGENT) ? Furnishing.AGENT_NAMESPACE : Furnishing.SERVICE_NAMESPACE;
    Kubeconfig config =
        new Kubeconfig(
            controlPlane.url(),
            controlPlane.caCertificate(),
            controlPlane.token(namespace, serviceAccount));
    return config.write(folder.resolve("kubeconfigs").resolve(serviceAccount));
  }

  @Override
  public void close() {
    List<AutoCloseable> parts = new ArrayList<>();
    parts.add(admin);
    parts.add(controlPlane);
    parts.addAll(kubelets.values());
    parts.add(vault);
    parts.add(broker);
    for (AutoCloseable part : parts) {
      try {
        part.close();
      } catch (Exception e) {
        System.err.println(part.getClass().getSimpleName() + " did not stop: " + e.getMessage());
      }
    }
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
