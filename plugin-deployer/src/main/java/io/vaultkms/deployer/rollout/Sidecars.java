package io.vaultkms.deployer.rollout;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.KeyToPath;
import io.fabric8.kubernetes.api.model.KeyToPathBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.vaultkms.deployer.contract.EncryptionConfiguration;
import io.vaultkms.deployer.contract.KeyData;
import io.vaultkms.model.config.PluginLaunch;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

  /** The plugin of a key; its files are in a folder of their own in the data volume. */
  static Container plugin(String name, long keyId, KeyData key) {
    return confined(name, key.kms().image(), "64Mi")
        .withArgs(launch(keyId, key).arguments())
        .withTerminationMessagePolicy("FallbackToLogsOnError")
        .withVolumeMounts(sockets(), mount(DATA_VOLUME, DATA_FOLDER))
        .build();
  }

  private static PluginLaunch launch(long keyId, KeyData key) {
    return key.kms()
        .launch(EncryptionConfiguration.socket(keyId), DATA_FOLDER + "/" + keyId, key.data());
  }

  /**
   * Where the data volume has the files of a plugin, and which entries of a Secret they are: a
   * provider says what its files hold, and that is one of the values that it refers to.
   *
   * @param named the name of an entry of the key's data in that Secret
   */
  static List<KeyToPath> files(long keyId, KeyData key, UnaryOperator<String> named) {
    return launch(keyId, key).files().entrySet().stream()
        .map(
            file ->
                new KeyToPathBuilder()
                    .withKey(named.apply(entry(key, file.getValue())))
                    .withPath(keyId + "/" + file.getKey())
                    .build())
        .toList();
  }

  private static String entry(KeyData key, byte[] contents) {
    return key.data().entries().entrySet().stream()
        .filter(entry -> MessageDigest.isEqual(entry.getValue(), contents))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow(
            () -> new IllegalStateException("a plugin's file that no Secret and no ConfigMap has"));
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

  /** Some entries of a Secret, and no other. */
  static Volume secretVolume(String name, String secret, List<KeyToPath> entries) {
    return new VolumeBuilder()
        .withName(name)
        .withNewSecret()
        .withSecretName(secret)
        .withItems(entries)
        .endSecret()
        .build();
  }

  static <T> List<T> orEmpty(@Nullable List<T> list) {
    return Objects.requireNonNullElse(list, List.of());
  }
}
