package io.vaultkms.deployer.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Secret;
import io.vaultkms.deployer.contract.SampleKey;
import io.vaultkms.platform.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class NodeBundleTest {
  @Test
  void endpointsFollowTheRootAndNothingElseChanges() throws IOException {
    NodeBundle bundle = read("/host");

    String document = new String(bundle.encryptionConfig(), UTF_8);
    assertThat(document).contains("\"unix:///host/var/run/kmsplugin/kms-1.sock\"");
    assertThat(Json.MAPPER.readTree(document.replace("unix:///host/var", "unix:///var")))
        .isEqualTo(onTheCluster());
  }

  @Test
  void belowTheRootOfTheHostTheDocumentIsTheOneOnTheCluster() throws IOException {
    NodeBundle bundle = read("/");

    assertThat(Json.MAPPER.readTree(bundle.encryptionConfig())).isEqualTo(onTheCluster());
    assertThat(read("/").encryptionConfig()).isEqualTo(bundle.encryptionConfig());
  }

  @Test
  void itsHashIsThatOfTheBytesOfTheFileAsTheApiServerShowsIt() throws Exception {
    NodeBundle bundle = read("/");

    byte[] digest = MessageDigest.getInstance("SHA-256").digest(bundle.encryptionConfig());
    assertThat(bundle.configHash()).isEqualTo("sha256:" + HexFormat.of().formatHex(digest));
  }

  @Test
  void holdsEachPluginWithItsCredentialsAndShowsNone() throws IOException {
    NodeBundle bundle = read("/");

    assertThat(bundle.revision()).isEqualTo(4);
    assertThat(bundle.plugins()).containsOnlyKeys(1L);
    assertThat(bundle.plugins().get(1L).data().entries().get("secret-approle_secret-id"))
        .asString(UTF_8)
        .isEqualTo(SampleKey.SECRET_ID);
    assertThat(bundle.handshake(1)).isEqualTo("abcdefgh");
    assertThat(bundle.toString())
        .isEqualTo("NodeBundle[revision=4, plugins=[1]]")
        .doesNotContain(SampleKey.SECRET_ID);
  }

  @Test
  void whatIsNoJsonIsRefusedWithoutAWordOfIt() {
    Secret secret = SampleKey.bundle(4);
    secret.getData().put("encryption-config", SampleKey.base64("{\"secret\": c2VjcmV0a2V5"));

    assertThatThrownBy(() -> NodeBundle.read(secret, new HostPaths(Path.of("/"), "/config.json")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("encryption-config is not JSON")
        .hasNoCause();
  }

  private static NodeBundle read(String root) {
    return NodeBundle.read(SampleKey.bundle(4), new HostPaths(Path.of(root), "/config.json"));
  }

  private static JsonNode onTheCluster() throws IOException {
    String data = SampleKey.bundle(4).getData().get("encryption-config");
    return Json.MAPPER.readTree(Base64.getDecoder().decode(data));
  }
}
