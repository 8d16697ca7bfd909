package io.vaultkms.deployer.rollout;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.KeyToPathBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.vaultkms.deployer.contract.KeyData;
import io.vaultkms.platform.cluster.Contract;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes the pod template of a Deployment carry a bundle. Idempotent: everything of ours is taken
 * out, then what the bundle asks for is put in; all else stays as it is. The API server is the
 * template's first container.
 */
record PodTemplate(
    String component, SidecarSettings settings, long revision, SortedMap<Long, KeyData> plugins) {
  private static final String PLUGIN = "vault-kms-plugin-";
  private static final String REPORTER = "vaultkms-reporter";
  private static final Pattern OURS = Pattern.compile(PLUGIN + "\\d+|" + REPORTER);
  private static final String CONFIG_VOLUME = "encryption-config";
  private static final String CONFIG_FOLDER = "/var/run/secrets/encryption-config";
  private static final String CONFIG_FILE = CONFIG_FOLDER + "/" + Contract.ENCRYPTION_CONFIG;
  private static final String CONFIG_FLAG = "--encryption-provider-config=";
  private static final Set<String> OUR_VOLUMES =
      Set.of(Sidecars.SOCKET_VOLUME, Sidecars.DATA_VOLUME, Sidecars.TMP_VOLUME, CONFIG_VOLUME);

  /**
   * What was put in, as a hash: the API server adds defaults, so that nothing else can be compared.
   */
  private static final String INJECTED = "vaultkms.io/injected";

  /** The template with this bundle and no other. */
  PodTemplateSpec on(PodTemplateSpec template) {
    PodTemplateSpec clean = without(template);
    List<Container> sidecars = sidecars();
    List<Volume> volumes = volumes();
    List<Container> init = new ArrayList<>(sidecars);
    init.addAll(Sidecars.orEmpty(clean.getSpec().getInitContainers()));
    List<Container> containers = new ArrayList<>(clean.getSpec().getContainers());
    containers.set(0, apiServer(containers.getFirst()));
    List<Volume> allVolumes = new ArrayList<>(Sidecars.orEmpty(clean.getSpec().getVolumes()));
    allVolumes.addAll(volumes);
    return new PodTemplateSpecBuilder(clean)
        .editOrNewMetadata()
        .addToLabels(Contract.POD_REVISION, Long.toString(revision))
        .addToAnnotations(INJECTED, hash(sidecars, volumes))
        .endMetadata()
        .editSpec()
        .withInitContainers(init)
        .withContainers(containers)
        .withVolumes(allVolumes)
        .endSpec()
        .build();
  }

  /** Whether a template has this bundle, and nobody has taken anything of it away. */
  boolean isOn(PodTemplateSpec template) {
    if (template.getMetadata() == null || template.getMetadata().getAnnotations() == null) {
      return false;
    }
    List<Container> sidecars = sidecars();
    List<Volume> volumes = volumes();
    return hash(sidecars, volumes).equals(template.getMetadata().getAnnotations().get(INJECTED))
        && Long.toString(revision)
            .equals(template.getMetadata().getLabels().get(Contract.POD_REVISION))
        && names(sidecars)
            .equals(
                names(template.getSpec().getInitContainers()).stream()
                    .filter(name -> OURS.matcher(name).matches())
                    .toList())
        && Sidecars.orEmpty(template.getSpec().getVolumes()).stream()
            .map(Volume::getName)
            .toList()
            .containsAll(volumes.stream().map(Volume::getName).toList())
        && Sidecars.orEmpty(template.getSpec().getContainers().getFirst().getArgs())
            .contains(CONFIG_FLAG + CONFIG_FILE);
  }

  private static PodTemplateSpec without(PodTemplateSpec template) {
    return new PodTemplateSpecBuilder(template)
        .editOrNewMetadata()
        .removeFromLabels(Contract.POD_REVISION)
        .removeFromAnnotations(INJECTED)
        .endMetadata()
        .editSpec()
        .withInitContainers(
            Sidecars.orEmpty(template.getSpec().getInitContainers()).stream()
                .filter(container -> !OURS.matcher(container.getName()).matches())
                .toList())
        .withContainers(
            template.getSpec().getContainers().stream().map(PodTemplate::without).toList())
        .withVolumes(
            Sidecars.orEmpty(template.getSpec().getVolumes()).stream()
                .filter(volume -> !OUR_VOLUMES.contains(volume.getName()))
                .toList())
        .endSpec()
        .build();
  }

  private static Container without(Container container) {
    return new ContainerBuilder(container)
        .withArgs(
            Sidecars.orEmpty(container.getArgs()).stream()
                .filter(argument -> !argument.startsWith(CONFIG_FLAG))
                .toList())
        .withVolumeMounts(
            Sidecars.orEmpty(container.getVolumeMounts()).stream()
                .filter(mount -> !OUR_VOLUMES.contains(mount.getName()))
                .toList())
        .build();
  }

  private Container apiServer(Container container) {
    List<VolumeMount> mounts = new ArrayList<>(container.getVolumeMounts());
    mounts.add(Sidecars.sockets());
    mounts.add(Sidecars.mount(CONFIG_VOLUME, CONFIG_FOLDER));
    return new ContainerBuilder(container)
        .addToArgs(CONFIG_FLAG + CONFIG_FILE)
        .withVolumeMounts(mounts)
        .build();
  }

  private List<Container> sidecars() {
    return Stream.concat(
            plugins.entrySet().stream()
                .map(
                    plugin ->
                        Sidecars.plugin(
                            PLUGIN + plugin.getKey(), plugin.getKey(), plugin.getValue())),
            Stream.of(reporter()))
        .toList();
  }

  private static UnaryOperator<String> inBundle(long keyId) {
    return entry -> Contract.KMS_PLUGIN + entry + "-" + keyId;
  }

  private Container reporter() {
    return Sidecars.reporter(
            REPORTER,
            settings,
            component,
            List.of(
                Sidecars.podName(),
                Sidecars.value("REVISION", Long.toString(revision)),
                Sidecars.value("ENCRYPTION_CONFIG_FILE", CONFIG_FILE),
                Sidecars.value("API_SERVER_URL", settings.apiServer())))
        .withArgs("plugin-deployer", "reporter")
        .withVolumeMounts(
            Sidecars.sockets(), Sidecars.mount(CONFIG_VOLUME, CONFIG_FOLDER), Sidecars.tmp())
        .build();
  }

  /** Plugins see no key material, and the API server no credentials of Vault. */
  private List<Volume> volumes() {
    String secret = Contract.revisionSecret(revision);
    List<Volume> volumes = new ArrayList<>();
    volumes.add(Sidecars.emptyVolume(Sidecars.SOCKET_VOLUME));
    volumes.add(Sidecars.emptyVolume(Sidecars.TMP_VOLUME));
    volumes.add(
        Sidecars.secretVolume(
            CONFIG_VOLUME,
            secret,
            List.of(
                new KeyToPathBuilder()
                    .withKey(Contract.ENCRYPTION_CONFIG)
                    .withPath(Contract.ENCRYPTION_CONFIG)
                    .build())));
    if (!plugins.isEmpty()) {
      volumes.add(
          Sidecars.secretVolume(
              Sidecars.DATA_VOLUME,
              secret,
              plugins.entrySet().stream()
                  .flatMap(
                      plugin ->
                          Sidecars.files(
                              plugin.getKey(), plugin.getValue(), inBundle(plugin.getKey()))
                              .stream())
                  .toList()));
    }
    return volumes;
  }

  private static List<String> names(@Nullable List<Container> containers) {
    return Sidecars.orEmpty(containers).stream().map(Container::getName).toList();
  }

  private static String hash(List<Container> sidecars, List<Volume> volumes) {
    String text = Serialization.asJson(List.of(sidecars, volumes));
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(digest).substring(0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
