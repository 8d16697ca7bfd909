package io.vaultkms.cli.bench;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.vaultkms.cli.command.CommandFailed;
import io.vaultkms.lab.cluster.ControlPlane;
import io.vaultkms.lab.cluster.Kubeconfig;
import io.vaultkms.lab.kubeapi.Durability;
import io.vaultkms.lab.kubeapi.KubeAssets;
import io.vaultkms.lab.kubeapi.KubeControlPlane;
import io.vaultkms.lab.plugin.FakeKms;
import io.vaultkms.lab.tls.CertificateAuthority;
import io.vaultkms.lab.world.World;
import io.vaultkms.lab.world.World.ControlPlaneSite;
import io.vaultkms.platform.cluster.Contract;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One API server over one store, with two KMS plugins that take turns to be the one that writes.
 * All connections go straight to the API server: no load balancer takes a share of the machine.
 */
final class Arena implements AutoCloseable {
  static final String NODE = "node-1";
  static final String SEEDED = "bench";
  static final String CREATED = "bench-created";

  /** Where the services live, and their accounts. */
  static final String SERVICES = "vaultkms";

  /** The service account of those that the migrator is measured beside. */
  private static final String RIVAL = "rival";

  private static final List<String> PROVIDERS = List.of("bench-a", "bench-b");
  private static final Duration START_LIMIT = Duration.ofMinutes(2);

  /** Of one processor, in one second. */
  private static final double IDLE_SHARE = 0.1;

  private final Path folder;
  private final List<FakeKms> plugins;
  private final ControlPlane plane;
  private final KubernetesClient admin;
  private int writing;

  private Arena(Path folder, Optional<KubeAssets> assets) throws IOException {
    this.folder = folder;
    this.plugins =
        PROVIDERS.stream().map(name -> new FakeKms(folder.resolve(name + ".sock"))).toList();
    writeEncryptionConfig();
    ControlPlaneSite site =
        new ControlPlaneSite(
            folder, List.of(NODE), _ -> encryptionConfig(), CertificateAuthority.create("bench"));
    this.plane =
        assets.isPresent()
            ? KubeControlPlane.start(assets.get(), site, Durability.SAFE)
            : World.standIn(site);
    Config config =
        new ConfigBuilder(
                Config.fromKubeconfig(
                    new Kubeconfig(server(), plane.caCertificate(), plane.adminToken()).text()))
            .withRequestRetryBackoffLimit(0)
            .build();
    this.admin = new KubernetesClientBuilder().withConfig(config).build();
    for (String namespace : List.of(SEEDED, CREATED, SERVICES, Contract.MANAGED_NAMESPACE)) {
      if (admin.namespaces().withName(namespace).get() == null) {
        admin
            .resource(
                new NamespaceBuilder().withNewMetadata().withName(namespace).endMetadata().build())
            .create();
      }
    }
    privately(caCertificate(), plane.caCertificate());
    if (assets.isPresent()) { // The stand-in looks up no permissions.
      allow(admin, RIVAL);
    }
    privately(rivalToken(), plane.token(SERVICES, RIVAL));
  }

  static Arena start(Path folder, Optional<KubeAssets> assets) throws IOException {
    return new Arena(folder, assets);
  }

  /**
   * Makes all that is stored stale: the other provider writes from now on.
   *
   * @throws CommandFailed when a Secret is under that provider already
   */
  void turn() throws IOException, InterruptedException {
    writing = 1 - writing;
    writeEncryptionConfig();
    restart();
    long fresh = stored().getOrDefault(writer(), 0L);
    if (fresh > 0) {
      throw new CommandFailed(
          "%d Secrets are under %s before they are rewritten".formatted(fresh, writer()));
    }
  }

  /**
   * Starts the API server again, which then has nothing left of what was before, and lets it come
   * to rest: for some seconds it is busy with itself.
   */
  void restart() throws IOException, InterruptedException {
    plane.stop(NODE);
    plane.compact();
    plane.start(NODE);
    awaitReady();
    awaitIdle();
  }

  /**
   * What is stored is as it should be after a measurement.
   *
   * @throws CommandFailed when a Secret is not under the provider that writes
   */
  void prove(int objects) {
    Map<String, Long> census = stored();
    long fresh = census.getOrDefault(writer(), 0L);
    if (census.size() != 1 || fresh < objects) {
      throw new CommandFailed(
          "not every Secret was rewritten: of %d none but %s should be stored, there are %s"
              .formatted(objects, writer(), census));
    }
  }

  /** How many Secrets there are with each prefix of what is stored. */
  private Map<String, Long> stored() {
    return plane.census().getOrDefault("secrets", Map.of());
  }

  /** The prefix that what is written now begins with. */
  private String writer() {
    return "k8s:enc:kms:v2:" + PROVIDERS.get(writing);
  }

  /** No administrator: for those an API server looks up no permission, and has no queue. */
  private static void allow(KubernetesClient admin, String account) {
    admin
        .resource(
            new ClusterRoleBuilder()
                .withNewMetadata()
                .withName(account)
                .endMetadata()
                .addNewRule()
                .withApiGroups("")
                .withResources("secrets")
                .withVerbs("*")
                .endRule()
                .build())
        .create();
    admin
        .resource(
            new ClusterRoleBindingBuilder()
                .withNewMetadata()
                .withName(account)
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", account)
                .addNewSubject()
                .withKind("ServiceAccount")
                .withNamespace(SERVICES)
                .withName(account)
                .endSubject()
                .build())
        .create();
  }

  private void writeEncryptionConfig() throws IOException {
    String document =
        """
        {"apiVersion":"apiserver.config.k8s.io/v1","kind":"EncryptionConfiguration","resources":[
        {"resources":["secrets","configmaps"],"providers":[%s,%s,{"identity":{}}]}]}
        """
            .formatted(provider(writing), provider(1 - writing));
    Path next = folder.resolve("encryption-config.next");
    Files.deleteIfExists(next);
    privately(next, document);
    Files.move(
        next,
        encryptionConfig(),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  private String provider(int number) {
    return "{\"kms\":{\"apiVersion\":\"v2\",\"name\":\"%s\",\"endpoint\":\"unix://%s\",\"timeout\":\"3s\"}}"
        .formatted(PROVIDERS.get(number), plugins.get(number).socket());
  }

  private static void privately(Path file, String text) throws IOException {
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(file, text);
  }

  private void awaitReady() throws InterruptedException {
    long limit = System.nanoTime() + START_LIMIT.toNanos();
    while (!ready()) {
      if (System.nanoTime() > limit) {
        throw new CommandFailed(
            "the API server was not ready again after %d s".formatted(START_LIMIT.toSeconds()));
      }
      Thread.sleep(100);
    }
  }

  private void awaitIdle() throws InterruptedException {
    long limit = System.nanoTime() + START_LIMIT.toNanos();
    double used = IDLE_SHARE;
    while (used >= IDLE_SHARE && System.nanoTime() < limit) {
      double before = serverCpuSeconds();
      Thread.sleep(1_000);
      used = serverCpuSeconds() - before;
    }
  }

  private boolean ready() {
    try {
      return "ok".equals(admin.raw("/readyz"));
    } catch (KubernetesClientException e) {
      return false;
    }
  }

  private Path encryptionConfig() {
    return folder.resolve("encryption-config.json");
  }

  /** CPU time of the API server and its store; 0 on the stand-in, which runs in this process. */
  double serverCpuSeconds() {
    return ProcessHandle.current()
        .descendants()
        .filter(process -> process.info().command().map(Arena::isServer).orElse(false))
        .mapToDouble(ProcessCost::cpuSeconds)
        .sum();
  }

  private static boolean isServer(String command) {
    return command.endsWith("/kube-apiserver") || command.endsWith("/etcd");
  }

  URI server() {
    return plane.url(NODE);
  }

  ControlPlane plane() {
    return plane;
  }

  /** May do everything. */
  KubernetesClient admin() {
    return admin;
  }

  /** The file with what the API server is trusted by. */
  Path caCertificate() {
    return folder.resolve("ca.pem");
  }

  /** The file with the token of a service account that may do everything with Secrets. */
  Path rivalToken() {
    return folder.resolve("token");
  }

  Path folder() {
    return folder;
  }

  @Override
  public void close() {
    admin.close();
    plane.close();
    plugins.forEach(FakeKms::close);
  }
}
