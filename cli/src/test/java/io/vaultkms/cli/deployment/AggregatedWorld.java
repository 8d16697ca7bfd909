package io.vaultkms.cli.deployment;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.vaultkms.lab.apiserver.LabControlPlane;
import io.vaultkms.lab.apiserver.LabControlPlaneOptions;
import io.vaultkms.lab.apiserver.LabTls;
import io.vaultkms.lab.apiserver.resource.ResourceType;
import io.vaultkms.lab.cluster.ControlPlane;
import io.vaultkms.lab.cluster.Kubeconfig;
import io.vaultkms.lab.deployment.AggregatedApi;
import io.vaultkms.lab.deployment.LabDeployment;
import io.vaultkms.lab.deployment.PodSite;
import io.vaultkms.lab.kubeapi.KubeAssets;
import io.vaultkms.lab.kubeapi.KubeControlPlane;
import io.vaultkms.lab.plugin.PluginCommand;
import io.vaultkms.lab.world.JavaProgram;
import io.vaultkms.lab.world.World;
import io.vaultkms.lab.world.World.ControlPlaneSite;
import io.vaultkms.platform.cluster.Contract;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** A world in which routes are served by the two pods of a Deployment. */
final class AggregatedWorld implements AutoCloseable {
  static final String NAMESPACE = "openshift-apiserver";
  static final String PROJECT_IMAGE = "registry.lab.example/vaultkms:lab";
  private static final String API_SERVER_IMAGE = "registry.lab.example/openshift/apiserver:lab";
  private static final String NAME = "apiserver";
  private static final String SERVICE_ACCOUNT = "openshift-apiserver-sa";
  private static final Map<String, String> LABELS = Map.of("app", "openshift-apiserver");
  private static final ResourceDefinitionContext ROUTES =
      new ResourceDefinitionContext.Builder()
          .withGroup("route.openshift.io")
          .withVersion("v1")
          .withKind("Route")
          .withPlural("routes")
          .withNamespaced(true)
          .build();

  private final AggregatedApi api =
      new AggregatedApi(
          ResourceType.custom("route.openshift.io", "v1", "routes", "Route", true, false));
  private final World world;
  private final LabDeployment deployment;

  private AggregatedWorld(
      Path folder, Function<AggregatedApi, Function<ControlPlaneSite, ControlPlane>> backend) {
    this.world = World.start(folder, backend.apply(api), 1);
    for (String name : List.of(NAMESPACE, "openshift-oauth-apiserver")) {
      world
          .admin()
          .resource(new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build())
          .create();
    }
    if (world.controlPlane() instanceof KubeControlPlane real) {
      real.permitComponents();
      api.behind(real, world.admin(), NAMESPACE);
    }
    this.deployment =
        LabDeployment.start(
            world.admin(),
            NAMESPACE,
            NAME,
            new PodSite(
                folder.resolve("p"),
                folder.resolve("logs"),
                api,
                API_SERVER_IMAGE,
                PROJECT_IMAGE,
                _ -> JavaProgram.command("io.vaultkms.deployer.PluginDeployer", "64m"),
                image -> image.equals(World.PLUGIN_IMAGE) ? PluginCommand.of(List.of()) : List.of(),
                podsKubeconfig(folder)));
    makeDeployment();
  }

  /** One whose control plane is the stand-in. */
  static AggregatedWorld standIn(Path folder) {
    return new AggregatedWorld(folder, api -> site -> standIn(api, site));
  }

  /** One whose control plane is a kube-apiserver. */
  static AggregatedWorld real(Path folder, KubeAssets assets) {
    return new AggregatedWorld(folder, api -> site -> KubeControlPlane.start(assets, site));
  }

  private static ControlPlane standIn(AggregatedApi api, ControlPlaneSite site) {
    LabControlPlane made =
        LabControlPlane.start(
            new LabControlPlaneOptions(
                    site.nodes(), site.encryptionConfig(), LabTls.of(site.authority()))
                .withServer(api::main));
    api.of(made, site.authority());
    return made;
  }

  /** What a pod of the API server gets for its ServiceAccount. */
  private Path podsKubeconfig(Path folder) {
    ControlPlane controlPlane = world.controlPlane();
    return new Kubeconfig(
            controlPlane.url(),
            controlPlane.caCertificate(),
            controlPlane.token(NAMESPACE, SERVICE_ACCOUNT))
        .write(folder.resolve("kubeconfigs").resolve("pods"));
  }

  private void makeDeployment() {
    world
        .admin()
        .resource(
            new DeploymentBuilder()
                .withNewMetadata()
                .withNamespace(NAMESPACE)
                .withName(NAME)
                .endMetadata()
                .withNewSpec()
                .withReplicas(2)
                .withNewSelector()
                .withMatchLabels(LABELS)
                .endSelector()
                .withNewTemplate()
                .withNewMetadata()
                .withLabels(LABELS)
                .endMetadata()
                .withNewSpec()
                .withServiceAccountName(SERVICE_ACCOUNT)
                .addNewContainer()
                .withName("openshift-apiserver")
                .withImage(API_SERVER_IMAGE)
                .withArgs("start", "--v=2")
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build())
        .create();
  }

  World world() {
    return world;
  }

  List<Pod> pods() {
    return world.admin().pods().inNamespace(NAMESPACE).withLabels(LABELS).list().getItems();
  }

  /** Routes as everybody reaches them: through the cluster's API. */
  MixedOperation<
          GenericKubernetesResource,
          GenericKubernetesResourceList,
          Resource<GenericKubernetesResource>>
      routes() {
    return world.admin().genericKubernetesResources(ROUTES);
  }

  void makeRoute(String name) {
    routes()
        .inNamespace("default")
        .resource(
            new GenericKubernetesResourceBuilder()
                .withApiVersion("route.openshift.io/v1")
                .withKind("Route")
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .addToAdditionalProperties("spec", Map.of("host", name + ".example.com"))
                .build())
        .create();
  }

  /** How many routes are stored under which prefix. */
  Map<String, Long> stored() {
    return api.stored();
  }

  /** Makes another Transit key with credentials of its own, and the Secret that has them. */
  void makeKey(String key, String secret) {
    world.vault().createTransitKey("", World.KEY_MOUNT, key);
    String role = world.vault().createAppRole("", "approle", World.KEY_MOUNT + "/keys/" + key);
    world
        .admin()
        .resource(
            new SecretBuilder()
                .withNewMetadata()
                .withNamespace(Contract.CONFIG_NAMESPACE)
                .withName(secret)
                .endMetadata()
                .addToStringData("role-id", role)
                .addToStringData("secret-id", world.vault().newSecretId(role))
                .build())
        .create();
  }

  @Override
  public void close() {
    deployment.close();
    api.close();
    world.close();
  }
}
