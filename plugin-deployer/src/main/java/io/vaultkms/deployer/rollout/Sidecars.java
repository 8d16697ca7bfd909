package io.vaultkms.deployer.rollout;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.KeyToPathBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.vaultkms.deployer.contract.EncryptionConfiguration;
import io.vaultkms.deployer.contract.KeyData;
import io.vaultkms.deployer.contract.PluginArguments;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The containers and volumes that go beside an API server: a plugin for each KMS key, and the
 * reporter. Each is an init container that restarts always, so that the kubelet starts it before
 * the API server and stops it after.
 */
final class Sidecars {
  static final String SOCKET_VOLUME = "kms-plugin-socket";
  static final String DATA_VOLUME = "kms-plugins-data";
  static final String TMP_VOLUME = "vaultkms-tmp";
  static final String DATA_FOLDER = "/var/run/secrets/kms-plugin";
  private static final String ALWAYS = "Always";

  private Sidecars() {}

  /**
   * The plugin of a key.
   *
   * @param file gives the name under which the data volume has an entry of the key's data
   */
  static Container plugin(String name, long keyId, KeyData key, UnaryOperator<String> file) {
    return confined(name, key.kms().provider().image(), "64Mi")
        .withArgs(
            PluginArguments.of(
                keyId,
                key,
                EncryptionConfiguration.socket(keyId),
                entry -> DATA_FOLDER + "/" + file.apply(entry)))
        .withTerminationMessagePolicy("FallbackToLogsOnError")
        .withVolumeMounts(sockets(), mount(DATA_VOLUME, DATA_FOLDER))
        .build();
  }

  /** This project's own program, which looks at the plugins and says what it sees. */
  static ContainerBuilder reporter(
      String name, SidecarSettings settings, String component, List<EnvVar> more) {
    List<EnvVar> environment = new ArrayList<>();
    environment.add(value("COMPONENT", component));
    environment.add(value("PLUGIN_SOCKETS", EncryptionConfiguration.SOCKET_FOLDER));
    // Nobody but the kubelet asks, and two pods on a host network must not collide.
    environment.add(value("HTTP_HOST", "127.0.0.1"));
    environment.add(value("HTTP_PORT", "0"));
    environment.add(value("REPORTER_POLL_INTERVAL", settings.poll().toMillis() + "ms"));
    environment.add(value("REPORTER_PROBE_INTERVAL", settings.probe().toMillis() + "ms"));
    environment.addAll(more);
    return confined(name, settings.reporterImage(), "128Mi").withEnv(environment);
  }

  private static ContainerBuilder confined(String name, String image, String memory) {
    return new ContainerBuilder()
        .withName(name)
        .withImage(image)
        .withRestartPolicy(ALWAYS)
        .withNewSecurityContext()
        .withReadOnlyRootFilesystem(true)
        .withAllowPrivilegeEscalation(false)
        .withNewCapabilities()
        .withDrop("ALL")
        .endCapabilities()
        .withNewSeccompProfile()
        .withType("RuntimeDefault")
        .endSeccompProfile()
        .endSecurityContext()
        .withNewResources()
        .addToRequests("memory", new Quantity(memory))
        .addToRequests("cpu", new Quantity("10m"))
        .endResources();
  }

  static EnvVar value(String name, String value) {
    return new EnvVarBuilder().withName(name).withValue(value).build();
  }

  /** The name of the pod itself, which is not known before it is made. */
  static EnvVar podName() {
    return new EnvVarBuilder()
        .withName("POD_NAME")
        .withNewValueFrom()
        .withNewFieldRef()
        .withFieldPath("metadata.name")
        .endFieldRef()
        .endValueFrom()
        .build();
  }

  static VolumeMount sockets() {
    return new VolumeMountBuilder()
        .withName(SOCKET_VOLUME)
        .withMountPath(EncryptionConfiguration.SOCKET_FOLDER)
        .build();
  }

  static VolumeMount mount(String volume, String path) {
    return new VolumeMountBuilder().withName(volume).withMountPath(path).withReadOnly(true).build();
  }

  /** Native libraries are unpacked there: the root file system is read-only. */
  static VolumeMount tmp() {
    return new VolumeMountBuilder().withName(TMP_VOLUME).withMountPath("/tmp").build();
  }

  static Volume emptyVolume(String name) {
    return new VolumeBuilder().withName(name).withNewEmptyDir().endEmptyDir().build();
  }

  /** Some entries of a Secret, each under its own name, and no other. */
  static Volume secretVolume(String name, String secret, List<String> entries) {
    return new VolumeBuilder()
        .withName(name)
        .withNewSecret()
        .withSecretName(secret)
        .withItems(
            entries.stream()
                .sorted()
                .map(entry -> new KeyToPathBuilder().withKey(entry).withPath(entry).build())
                .toList())
        .endSecret()
        .build();
  }

  static <T> List<T> orEmpty(@Nullable List<T> list) {
    return Objects.requireNonNullElse(list, List.of());
  }
}
