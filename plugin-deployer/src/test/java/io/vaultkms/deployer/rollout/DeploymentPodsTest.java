package io.vaultkms.deployer.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.vaultkms.deployer.contract.BundleSecrets;
import io.vaultkms.deployer.contract.KeySecrets;
import io.vaultkms.deployer.contract.KeySecrets.KmsKey;
import io.vaultkms.deployer.contract.PreflightRequests;
import io.vaultkms.deployer.contract.SampleKey;
import io.vaultkms.lab.world.World;
import io.vaultkms.model.bundle.Bundle;
import io.vaultkms.model.bundle.Bundle.KeyContent;
import io.vaultkms.model.config.Mode;
import io.vaultkms.model.decision.PreflightRequest;
import io.vaultkms.model.decision.Step.Purpose;
import io.vaultkms.model.decision.Step.RollOut;
import io.vaultkms.platform.cluster.Contract;
import io.vaultkms.platform.component.Rollout.OfDeployment;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** What the deployer writes for a Deployment, on an API server, with no pod that runs. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DeploymentPodsTest {
  private static final String NAMESPACE = "openshift-apiserver";
  private static final String COMPONENT = "openshift-apiserver";
  private static final Set<String> ROUTES = Set.of("routes.route.openshift.io");
  private static final KmsKey KEY = new KmsKey("abcdefgh", SampleKey.with(SampleKey.SECRET_ID));

  private static World world;
  private static KubernetesClient client;
  private static BundleSecrets bundles;
  private static DeploymentPods pods;

  @BeforeAll
  static void start(@TempDir Path folder) throws Exception {
    world = World.start(folder, World::standIn, 1);
    client = world.admin();
    SampleDeployment.make(client, NAMESPACE, "apiserver");
    KeySecrets keys = new KeySecrets(client, COMPONENT);
    keys.mint(1, Mode.KMS, "first-key", Optional.of(KEY));
    bundles = new BundleSecrets(client, COMPONENT, NAMESPACE, keys);
    bundles.rollOut(
        new RollOut(
            Bundle.EMPTY.withReadKey(ROUTES, 1, new KeyContent(Mode.KMS, Optional.of("abcdefgh"))),
            Purpose.READ_KEY,
            1),
        1,
        Optional.empty(),
        Instant.EPOCH);
    pods =
        new DeploymentPods(
            client,
            bundles,
            COMPONENT,
            new OfDeployment(NAMESPACE, "apiserver"),
            SampleDeployment.sidecars());
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  @Test
  @Order(1)
  void theTemplateCarriesTheNewestBundle() {
    follow(Optional.empty());

    assertThat(sidecars()).containsExactly("vault-kms-plugin-1", "vaultkms-reporter");
    long generation = deployment().getMetadata().getGeneration();

    follow(Optional.empty());

    assertThat(deployment().getMetadata().getGeneration()).isEqualTo(generation);
  }

  @Test
  @Order(2)
  void whatSomebodyTakesOutIsPutInAgain() {
    takeSidecarsOut();

    follow(Optional.empty());

    assertThat(sidecars()).containsExactly("vault-kms-plugin-1", "vaultkms-reporter");
  }

  @Test
  @Order(3)
  void noPodIsAskedToMountACopyThatIsNotThere() {
    Secret copy = copy();
    client.resource(copy).delete();
    String bundle = deployment().getSpec().getTemplate().toString();
    takeSidecarsOut();

    follow(Optional.empty());

    assertThat(sidecars()).isEmpty();
    copy.getMetadata().setResourceVersion(null);
    copy.getMetadata().setUid(null);
    client.resource(copy).create();

    follow(Optional.empty());

    assertThat(deployment().getSpec().getTemplate().toString()).isEqualTo(bundle);
  }

  @Test
  @Order(4)
  void aRequestIsTriedByOnePodWithTheCandidateBeside() {
    follow(Optional.of(ask()));

    Pod trial = trials().getFirst();
    assertThat(trials()).hasSize(1);
    assertThat(trial.getSpec().getServiceAccountName()).isEqualTo("its-own");
    assertThat(trial.getSpec().getInitContainers())
        .extracting(Container::getName, Container::getImage, Container::getRestartPolicy)
        .containsExactly(tuple("vault-kms-preflight-1", SampleKey.IMAGE, "Always"));
    assertThat(trial.toString()).doesNotContain(SampleKey.SECRET_ID);
    assertThat(trialSecrets()).hasSize(1);
  }

  @Test
  @Order(5)
  void anotherRequestEndsTheTrialOfTheOneBefore() {
    Pod before = trials().getFirst();

    follow(Optional.of(ask()));

    assertThat(trials()).hasSize(1);
    assertThat(trials().getFirst().getMetadata().getName())
        .isNotEqualTo(before.getMetadata().getName());
    assertThat(trialSecrets()).hasSize(1);
  }

  @Test
  @Order(6)
  void aTrialThatHasEndedIsMadeAnewAndOneThatRunsIsLeftAlone() {
    PreflightRequest request = asked();
    for (String ended : List.of("Failed", "Succeeded")) {
      Pod before = trials().getFirst();
      show("Running");
      follow(Optional.of(request));
      assertThat(uids(trials())).containsExactly(before.getMetadata().getUid());

      show(ended);
      follow(Optional.of(request));
      follow(Optional.of(request));

      assertThat(trials()).hasSize(1);
      assertThat(uids(trials())).doesNotContain(before.getMetadata().getUid());
      assertThat(trialSecrets()).hasSize(1);
    }
  }

  @Test
  @Order(7)
  void noRequestLeavesNothingOfATrial() {
    report("openshift-apiserver.preflight", COMPONENT);

    follow(Optional.empty());

    assertThat(trials()).isEmpty();
    assertThat(trialSecrets()).isEmpty();
    assertThat(reports()).isEmpty();
  }

  @Test
  @Order(8)
  void reportsOfItsPodsThatAreGoneGoAndNoOthers() {
    report("openshift-apiserver.gone", COMPONENT);
    report("node-1", "kube-apiserver");

    follow(Optional.empty());

    assertThat(reports()).containsExactly("node-1");
  }

  @Test
  @Order(9)
  void aBundleThatIsNotTheNewestAnyMoreIsNotPutIn() throws Exception {
    Optional<BundleSecrets.Stored> old = bundles.newest();
    bundles.rollOut(
        new RollOut(old.orElseThrow().bundle().withWriteKey(ROUTES, 1), Purpose.WRITE_KEY, 1),
        1,
        old,
        Instant.EPOCH);
    follow(Optional.empty());
    String newer = deployment().getSpec().getTemplate().toString();

    assertThatThrownBy(() -> pods.follow(old, Optional.empty()))
        .isInstanceOfSatisfying(
            KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(409))
        .hasMessage(
            "the newest bundle is another than revision 1 by now:"
                + " Deployment openshift-apiserver/apiserver stays as it is");

    assertThat(deployment().getSpec().getTemplate().toString()).isEqualTo(newer);
  }

  private static void follow(Optional<PreflightRequest> request) {
    pods.follow(bundles.newest(), request);
  }

  private static PreflightRequest ask() {
    new PreflightRequests(client, COMPONENT).ask(1, KEY, Collections.emptySortedMap());
    return asked();
  }

  /** The one that stands. */
  private static PreflightRequest asked() {
    Secret asked =
        client
            .secrets()
            .inNamespace(Contract.MANAGED_NAMESPACE)
            .withName("encryption-preflight-openshift-apiserver")
            .require();
    return new PreflightRequest(asked.getMetadata().getUid(), 1, "abcdefgh", Optional.empty());
  }

  private static void takeSidecarsOut() {
    client
        .resource(
            new DeploymentBuilder(deployment())
                .editSpec()
                .editTemplate()
                .editSpec()
                .withInitContainers(List.of())
                .endSpec()
                .endTemplate()
                .endSpec()
                .build())
        .update();
  }

  private static Deployment deployment() {
    return client.apps().deployments().inNamespace(NAMESPACE).withName("apiserver").require();
  }

  private static List<String> sidecars() {
    return deployment().getSpec().getTemplate().getSpec().getInitContainers().stream()
        .map(Container::getName)
        .toList();
  }

  private static Secret copy() {
    return client.secrets().inNamespace(NAMESPACE).withName("encryption-config-1").require();
  }

  private static List<Pod> trials() {
    return client.pods().inNamespace(NAMESPACE).list().getItems();
  }

  private static List<String> uids(List<Pod> pods) {
    return pods.stream().map(pod -> pod.getMetadata().getUid()).toList();
  }

  /** As the kubelet does, of the one trial. */
  private static void show(String phase) {
    client
        .resource(
            new PodBuilder(trials().getFirst())
                .withNewStatus()
                .withPhase(phase)
                .endStatus()
                .build())
        .updateStatus();
  }

  private static List<Secret> trialSecrets() {
    return client
        .secrets()
        .inNamespace(NAMESPACE)
        .withLabel(Contract.PREFLIGHT_LABEL)
        .list()
        .getItems();
  }

  private static void report(String name, String component) {
    var node =
        new GenericKubernetesResourceBuilder()
            .withApiVersion("vaultkms.io/v1alpha1")
            .withKind("EncryptionNode")
            .withNewMetadata()
            .withName(name)
            .endMetadata()
            .addToAdditionalProperties(
                "status", Map.of("component", component, "reportedTime", "2026-11-25T12:00:00Z"))
            .build();
    client.resource(node).create();
    client.resource(node).updateStatus();
  }

  private static List<String> reports() {
    return client.genericKubernetesResources(Contract.ENCRYPTION_NODES).list().getItems().stream()
        .map(node -> node.getMetadata().getName())
        .toList();
  }
}
