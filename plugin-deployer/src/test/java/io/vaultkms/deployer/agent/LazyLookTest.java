package io.vaultkms.deployer.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.KubernetesClientException;
import io.vaultkms.deployer.contract.SampleKey;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Plugin and API server were killed: the API server waits for the plugin, and the plugin cannot.
 */
class LazyLookTest {
  private AgentBench bench;
  private Path socket;

  @BeforeEach
  void killThePlugin(@TempDir Path root) throws IOException {
    bench = AgentBench.start(root);
    PluginPod pod = PluginPod.serving(bench.paths(), 1, SampleKey.with(SampleKey.SECRET_ID));
    pod.write(HostFiles.PLAIN, bench.paths(), "abcdefgh");
    socket = pod.socket();
    Files.createDirectories(bench.paths().sockets());
    ServerSocketChannel.open(StandardProtocolFamily.UNIX)
        .bind(UnixDomainSocketAddress.of(socket))
        .close();
  }

  @AfterEach
  void stop() {
    bench.close();
  }

  @Test
  void anAgentThatIsStartedWithoutTheClusterFreesItsSocket() {
    LazyLook agent = agent();
    bench.controlPlane().stop(AgentBench.NODE);

    assertThatThrownBy(agent::look).isInstanceOf(KubernetesClientException.class);
    assertThat(socket).as("refused once").exists();

    assertThatThrownBy(agent::look).isInstanceOf(KubernetesClientException.class);
    assertThat(socket).doesNotExist();
  }

  @Test
  void anAgentThatLosesTheClusterFreesItsSocket() throws IOException {
    LazyLook agent = agent();
    bench.put(SampleKey.bundle(4));
    agent.look();
    assertThat(socket).as("refused once, also in a look that asks its plugin").exists();
    bench.controlPlane().stop(AgentBench.NODE);

    assertThatThrownBy(agent::look).isInstanceOf(KubernetesClientException.class);
    assertThat(socket).doesNotExist();
  }

  private LazyLook agent() {
    return new LazyLook(new StaleSockets(HostFiles.PLAIN, bench.paths()), bench::agent);
  }
}
