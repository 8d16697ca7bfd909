package io.vaultkms.deployer.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.vaultkms.deployer.contract.SampleKey;
import io.vaultkms.platform.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginPodTest {
  @TempDir private Path root;
  private HostPaths paths;
  private PluginPod pod;

  @BeforeEach
  void write() throws IOException {
    paths = new HostPaths(root, "/etc/kubernetes/encryption/encryption-config.json");
    pod = PluginPod.serving(paths, 1, SampleKey.with(SampleKey.SECRET_ID));
    pod.write(HostFiles.PLAIN, paths, "abcdefgh");
  }

  @Test
  void givesThePluginItsFlagsWithOneDash() throws IOException {
    String folder = root + "/etc/kubernetes/static-pod-resources/kms-plugins/vault-kms-plugin-1";
    List<String> args = new ArrayList<>();
    container().path("args").forEach(arg -> args.add(arg.asText()));

    assertThat(args)
        .containsExactly(
            "-listen-address=unix://" + root + "/var/run/kmsplugin/kms-1.sock",
            "-vault-address=https://vault.example:8200",
            "-vault-namespace=team-a",
            "-vault-key-path=transit/keys/kubernetes",
            "-approle-role-id=a-role",
            "-approle-secret-id-path=" + folder + "/secret-id",
            "-tls-ca-file=" + folder + "/ca-bundle.crt",
            "-tls-sni=vault.internal",
            "-metrics-port=0",
            "-health-port=0");
  }

  @Test
  void mountsEachFolderWhereTheHostHasIt() throws IOException {
    Map<String, String> hostPaths = new HashMap<>();
    manifest()
        .path("spec")
        .path("volumes")
        .forEach(
            volume ->
                hostPaths.put(
                    volume.path("name").asText(), volume.path("hostPath").path("path").asText()));
    Map<String, String> mountPaths = new HashMap<>();
    container()
        .path("volumeMounts")
        .forEach(
            mount -> mountPaths.put(mount.path("name").asText(), mount.path("mountPath").asText()));

    assertThat(mountPaths).isEqualTo(hostPaths).hasSize(2);
    assertThat(container().path("image").asText()).isEqualTo(SampleKey.IMAGE);
    assertThat(container().path("securityContext").path("readOnlyRootFilesystem").asBoolean())
        .isTrue();
  }

  @Test
  void mayUseTheFoldersOfTheHostWhereSeLinuxIsOn() throws IOException {
    assertThat(container().path("securityContext").path("seLinuxOptions").path("type").asText())
        .isEqualTo("spc_t");
    assertThat(container().path("securityContext").path("capabilities").path("drop").toString())
        .isEqualTo("[\"ALL\"]");
  }

  @Test
  void keepsTheSecretIdInAFileForItsOwnerAloneAndOutOfTheManifest() throws IOException {
    Path secretId = paths.pluginFolder("vault-kms-plugin-1").resolve("secret-id");

    assertThat(secretId).hasContent(SampleKey.SECRET_ID);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secretId)))
        .isEqualTo("rw-------");
    assertThat(manifest().toString()).doesNotContain(SampleKey.SECRET_ID);
    assertThat(pod.toString()).doesNotContain(SampleKey.SECRET_ID);
  }

  @Test
  void isAnotherPodForTheKubeletWhenOnlyTheCredentialsAreOthers() throws IOException {
    JsonNode before = manifest();
    assertThat(pod.write(HostFiles.PLAIN, paths, "abcdefgh")).isFalse();

    assertThat(
            PluginPod.serving(paths, 1, SampleKey.with("another"))
                .write(HostFiles.PLAIN, paths, "another-hash"))
        .isTrue();

    JsonNode after = manifest();
    assertThat(annotation(before)).isEqualTo("abcdefgh");
    assertThat(annotation(after)).isEqualTo("another-hash");
    assertThat(after.path("spec")).isEqualTo(before.path("spec"));
    assertThat(paths.pluginFolder("vault-kms-plugin-1").resolve("secret-id")).hasContent("another");
  }

  @Test
  void aPluginThatWasStartedBeforeItsManifestWasWrittenIsNotBelieved() throws IOException {
    assertThat(pod.startedSinceManifest(paths)).as("without a socket").isFalse();
    Files.createDirectories(paths.sockets());
    Files.createFile(pod.socket());
    FileTime written = Files.getLastModifiedTime(paths.manifest(pod.name()));

    Files.setLastModifiedTime(pod.socket(), FileTime.fromMillis(written.toMillis() - 1));
    assertThat(pod.startedSinceManifest(paths)).isFalse();

    Files.setLastModifiedTime(pod.socket(), FileTime.fromMillis(written.toMillis() + 1));
    assertThat(pod.startedSinceManifest(paths)).isTrue();
  }

  @Test
  void aCandidateHasNothingInCommonWithThePluginThatServes() throws IOException {
    PluginPod candidate = PluginPod.candidate(paths, 1, SampleKey.with("candidate"));
    candidate.write(HostFiles.PLAIN, paths, "ijklmnop");

    assertThat(candidate.socket()).isNotEqualTo(pod.socket());
    assertThat(paths.pluginFolder(pod.name()).resolve("secret-id")).hasContent(SampleKey.SECRET_ID);

    PluginPod.remove(HostFiles.PLAIN, paths, candidate.name());
    assertThat(paths.manifest(candidate.name())).doesNotExist();
    assertThat(paths.pluginFolder(candidate.name())).doesNotExist();
    assertThat(paths.manifest(pod.name())).exists();
  }

  private static String annotation(JsonNode manifest) {
    return manifest.path("metadata").path("annotations").path("vaultkms.io/handshake").asText();
  }

  private JsonNode container() throws IOException {
    return manifest().path("spec").path("containers").path(0);
  }

  private JsonNode manifest() throws IOException {
    return Json.MAPPER.readTree(
        Files.readString(root.resolve("etc/kubernetes/manifests/vault-kms-plugin-1.json")));
  }
}
