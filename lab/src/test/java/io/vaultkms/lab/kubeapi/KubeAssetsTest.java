package io.vaultkms.lab.kubeapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KubeAssetsTest {
  @TempDir Path folder;

  private void program(String name) throws IOException {
    assertThat(Files.createFile(folder.resolve(name)).toFile().setExecutable(true)).isTrue();
  }

  @Test
  void findsNothingWhereNothingIsNamed() {
    assertThat(KubeAssets.find(Map.of(), Optional.empty())).isEmpty();
    assertThat(KubeAssets.find(Map.of(KubeAssets.VARIABLE, ""), Optional.empty())).isEmpty();
  }

  @Test
  void takesTheNamedFolderBeforeThatOfTheEnvironment() throws IOException {
    program("kube-apiserver");
    program("etcd");
    Map<String, String> environment = Map.of(KubeAssets.VARIABLE, "/nowhere");

    assertThat(KubeAssets.find(environment, Optional.of(folder)))
        .contains(new KubeAssets(folder.resolve("kube-apiserver"), folder.resolve("etcd")));
  }

  @Test
  void saysInOneSentenceWhatAFolderLacks() throws IOException {
    program("kube-apiserver");
    Map<String, String> environment = Map.of(KubeAssets.VARIABLE, folder.toString());

    assertThatThrownBy(() -> KubeAssets.find(environment, Optional.empty()))
        .hasMessage(
            "KUBEBUILDER_ASSETS '%s' must be a folder with the programs kube-apiserver and etcd;"
                + " it has no etcd",
            folder);
  }
}
