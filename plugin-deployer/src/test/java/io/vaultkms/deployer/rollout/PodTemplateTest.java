package io.vaultkms.deployer.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.vaultkms.deployer.contract.KeyData;
import io.vaultkms.model.config.KmsProvider;
import io.vaultkms.model.config.KmsSpec;
import io.vaultkms.model.config.ReferencedData;
import io.vaultkms.platform.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PodTemplateTest {
  private static final String IMAGE = "registry.example.com/vault-plugin@sha256:" + "0".repeat(64);
  private static final SidecarSettings SETTINGS =
      new SidecarSettings(
          Optional.of("registry.example.com/vaultkms:1"),
          "https://localhost:8443",
          Duration.ofSeconds(2),
          Duration.ofSeconds(30));

  private final PodTemplateSpec plain =
      new PodTemplateSpecBuilder()
          .withNewMetadata()
          .addToLabels("app", "apiserver")
          .addToAnnotations("theirs", "kept")
          .endMetadata()
          .withNewSpec()
          .addNewInitContainer()
          .withName("fix-audit-permissions")
          .endInitContainer()
          .addNewContainer()
          .withName("openshift-apiserver")
          .withArgs("start", "--v=2")
          .addNewVolumeMount()
          .withName("config")
          .withMountPath("/var/run/configmaps/config")
          .endVolumeMount()
          .endContainer()
          .addNewContainer()
          .withName("check-endpoints")
          .endContainer()
          .addNewVolume()
          .withName("config")
          .endVolume()
          .endSpec()
          .build();

  @Test
  void aPluginStartsBeforeAnythingElseWithAllThatConfinesIt() {
    PodTemplateSpec carried = template(7, 3).on(plain);

    Container plugin = carried.getSpec().getInitContainers().getFirst();
    assertThat(plugin.getName()).isEqualTo("vault-kms-plugin-3");
    assertThat(plugin.getImage()).isEqualTo(IMAGE);
    assertThat(plugin.getRestartPolicy()).isEqualTo("Always");
    assertThat(plugin.getTerminationMessagePolicy()).isEqualTo("FallbackToLogsOnError");
    assertThat(plugin.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
    assertThat(plugin.getSecurityContext().getAllowPrivilegeEscalation()).isFalse();
    assertThat(plugin.getSecurityContext().getCapabilities().getDrop()).containsExactly("ALL");
    assertThat(plugin.getSecurityContext().getSeccompProfile().getType())
        .isEqualTo("RuntimeDefault");
    assertThat(plugin.getResources().getRequests().get("memory").toString()).isEqualTo("64Mi");
    assertThat(plugin.getResources().getRequests().get("cpu").toString()).isEqualTo("10m");
    assertThat(plugin.getArgs())
        .containsExactly(
            "-listen-address=unix:///var/run/kmsplugin/kms-3.sock",
            "-vault-address=https://vault.example.com:8200",
            "-vault-key-path=transit/keys/k3",
            "-approle-role-id=role-3",
            "-approle-secret-id-path=/var/run/secrets/kms-plugin/3/secret-id",
            "-tls-ca-file=/var/run/secrets/kms-plugin/3/ca-bundle.crt",
            "-metrics-port=0",
            "-health-port=0");
    assertThat(mounts(plugin))
        .containsExactly(
            "kms-plugin-socket /var/run/kmsplugin", "kms-plugins-data /var/run/secrets/kms-plugin");
  }

  @Test
  void theApiServerHasTheSocketsAndTheFileOfItsRevision() {
    PodTemplateSpec carried = template(7, 3).on(plain);

    Container apiServer = carried.getSpec().getContainers().getFirst();
    assertThat(apiServer.getArgs())
        .containsExactly(
            "start",
            "--v=2",
            "--encryption-provider-config=/var/run/secrets/encryption-config/encryption-config");
    assertThat(mounts(apiServer))
        .containsExactly(
            "config /var/run/configmaps/config",
            "kms-plugin-socket /var/run/kmsplugin",
            "encryption-config /var/run/secrets/encryption-config");
    assertThat(carried.getMetadata().getLabels())
        .containsOnly(Map.entry("app", "apiserver"), Map.entry("revision", "7"));
    assertThat(volume(carried, "encryption-config").getSecret().getSecretName())
        .isEqualTo("encryption-config-7");
  }

  @Test
  void aPluginSeesNoKeyMaterialAndTheApiServerNoCredentials() {
    PodTemplateSpec carried = template(7, 3).on(plain);

    assertThat(items(carried, "encryption-config"))
        .containsExactly("encryption-config encryption-config");
    assertThat(items(carried, "kms-plugins-data"))
        .containsExactly(
            "kms-plugin-configmap-ca_ca-bundle.crt-3 3/ca-bundle.crt",
            "kms-plugin-secret-approle_secret-id-3 3/secret-id");
    assertThat(carried.getSpec().getContainers())
        .allSatisfy(
            container ->
                assertThat(mounts(container)).noneMatch(it -> it.contains("plugins-data")));
  }

  @Test
  void puttingItInAgainChangesNothing() {
    PodTemplateSpec once = template(7, 3, 4).on(plain);

    assertThat(template(7, 3, 4).on(once)).isEqualTo(once);
    assertThat(template(7, 3, 4).isOn(once)).isTrue();
  }

  @Test
  void anotherBundleTakesTheOldOneOut() {
    PodTemplateSpec first = template(7, 3, 4).on(plain);

    assertThat(template(8, 4).isOn(first)).isFalse();
    assertThat(template(8, 4).on(first)).isEqualTo(template(8, 4).on(plain));
    assertThat(template(8, 4).on(first).getSpec().getInitContainers())
        .extracting(Container::getName)
        .containsExactly("vault-kms-plugin-4", "vaultkms-reporter", "fix-audit-permissions");
  }

  @Test
  void withoutAKmsKeyThereIsNoPluginAndNoCredential() {
    PodTemplateSpec carried = template(9).on(template(8, 4).on(plain));

    assertThat(carried.getSpec().getInitContainers())
        .extracting(Container::getName)
        .containsExactly("vaultkms-reporter", "fix-audit-permissions");
    assertThat(carried.getSpec().getVolumes())
        .extracting(Volume::getName)
        .containsExactly("config", "kms-plugin-socket", "vaultkms-tmp", "encryption-config");
  }

  @Test
  void whatSomebodyTookAwayIsNoticed() {
    PodTemplateSpec carried = template(7, 3).on(plain);
    PodTemplateSpec withoutPlugin =
        new PodTemplateSpecBuilder(carried)
            .editSpec()
            .removeMatchingFromInitContainers(it -> it.getName().equals("vault-kms-plugin-3"))
            .endSpec()
            .build();
    PodTemplateSpec withoutFlag =
        new PodTemplateSpecBuilder(carried)
            .editSpec()
            .editFirstContainer()
            .withArgs("start", "--v=2")
            .endContainer()
            .endSpec()
            .build();

    assertThat(template(7, 3).isOn(plain)).isFalse();
    assertThat(template(7, 3).isOn(withoutPlugin)).isFalse();
    assertThat(template(7, 3).isOn(withoutFlag)).isFalse();
  }

  private static PodTemplate template(long revision, long... keys) {
    SortedMap<Long, KeyData> plugins = new TreeMap<>();
    for (long key : keys) {
      plugins.put(key, key(key));
    }
    return new PodTemplate("openshift-apiserver", SETTINGS, revision, plugins);
  }

  private static KeyData key(long id) {
    KmsProvider kms =
        Json.read(
            """
            {"type":"Vault","vault":{"kmsPluginImage":"%s",
            "vaultAddress":"https://vault.example.com:8200","vaultKeyPath":"transit/keys/k%d",
            "tls":{"caBundle":{"name":"ca"}},
            "authentication":{"type":"AppRole","appRole":{"secret":{"name":"approle"}}}}}
            """
                .formatted(IMAGE, id),
            KmsSpec.class);
    return new KeyData(
        kms,
        ReferencedData.of(
            Map.of(
                "secret-approle_role-id", bytes("role-" + id),
                "secret-approle_secret-id", bytes("secret"),
                "configmap-ca_ca-bundle.crt", bytes("pem"))));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static List<String> mounts(Container container) {
    return container.getVolumeMounts().stream()
        .map((VolumeMount mount) -> mount.getName() + " " + mount.getMountPath())
        .toList();
  }

  private static Volume volume(PodTemplateSpec template, String name) {
    return template.getSpec().getVolumes().stream()
        .filter(volume -> volume.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> items(PodTemplateSpec template, String volume) {
    return volume(template, volume).getSecret().getItems().stream()
        .map((KeyToPath item) -> item.getKey() + " " + item.getPath())
        .toList();
  }
}
