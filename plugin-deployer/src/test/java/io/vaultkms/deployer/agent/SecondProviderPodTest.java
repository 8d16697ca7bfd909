package io.vaultkms.deployer.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.vaultkms.deployer.contract.KeyData;
import io.vaultkms.model.config.OtherKms;
import io.vaultkms.model.config.ReferencedData;
import io.vaultkms.platform.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent starts the plugin of a provider that it has never heard of. */
class SecondProviderPodTest {
  @Test
  void runsTheProvidersCommandWithTheProvidersFiles(@TempDir Path root) throws IOException {
    HostPaths paths = new HostPaths(root, "/etc/kubernetes/encryption/encryption-config.json");
    KeyData key =
        new KeyData(
            OtherKms.standard(),
            ReferencedData.of(Map.of("secret-token_token", "very-secret".getBytes(UTF_8))));
    PluginPod pod = PluginPod.serving(paths, 4, key);

    pod.write(HostFiles.PLAIN, paths, "abcdefgh");

    JsonNode manifest = Json.read(Files.readString(paths.manifest(pod.name())), JsonNode.class);
    JsonNode container = manifest.at("/spec/containers/0");
    Path token = paths.pluginFolder(pod.name()).resolve("token.txt");
    assertThat(container.path("image").asText()).isEqualTo(OtherKms.standard().image());
    assertThat(container.path("args"))
        .extracting(JsonNode::asText)
        .containsExactly(
            "serve", "--at", pod.socket().toString(), "--token-file", token.toString());
    assertThat(token).hasContent("very-secret");
    assertThat(manifest.toString() + pod).doesNotContain("very-secret");
  }
}
