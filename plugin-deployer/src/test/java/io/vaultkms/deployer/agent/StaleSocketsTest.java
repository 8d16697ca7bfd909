package io.vaultkms.deployer.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaultkms.deployer.contract.SampleKey;
import java.io.IOException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class StaleSocketsTest {
  private StaleSockets sockets;
  private Path socket;

  @BeforeEach
  void writePlugin(@TempDir Path root) throws IOException {
    HostPaths paths = new HostPaths(root, "/config.json");
    PluginPod pod = PluginPod.serving(paths, 1, SampleKey.with(SampleKey.SECRET_ID));
    pod.write(HostFiles.PLAIN, paths, "abcdefgh");
    Files.createDirectories(paths.sockets());
    socket = pod.socket();
    sockets = new StaleSockets(HostFiles.PLAIN, paths);
  }

  @Test
  void oneThatAKilledPluginLeftIsRemovedAtTheSecondLook() throws IOException {
    listen().close();

    sockets.look();
    assertThat(socket).exists();

    sockets.look();
    assertThat(socket).doesNotExist();
  }

  @Test
  void oneAtWhichAPluginListensIsNeverTouched() throws IOException {
    try (ServerSocketChannel live = listen()) {
      for (int look = 0; look < 4; look++) {
        sockets.look();
      }
      assertThat(socket).exists();
    }
  }

  @Test
  void oneThatIsNewSinceTheFirstLookIsNotRemoved() throws IOException {
    listen().close();
    sockets.look();
    Path kept = socket.resolveSibling("kept");
    Files.move(socket, kept);
    listen().close();

    sockets.look();

    assertThat(socket).exists();
  }

  @Test
  @Timeout(20)
  void oneThatListensAndTakesNoConnectionIsNotWaitedFor() throws IOException {
    try (ServerSocketChannel hung =
            ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                .bind(UnixDomainSocketAddress.of(socket), 1);
        Connections full = Connections.upTo(socket)) {
      sockets.look();
      sockets.look();

      assertThat(socket).exists();
    }
  }

  @Test
  void oneThatNoPluginHereIsGivenIsLeftAlone() throws IOException {
    socket = socket.resolveSibling("kms-2.sock");
    listen().close();

    sockets.look();
    sockets.look();

    assertThat(socket).exists();
  }

  @Test
  void whereThereIsNoneNothingHappens() throws IOException {
    sockets.look();
    sockets.look();
    assertThat(socket).doesNotExist();
  }

  /** As many connections as a socket takes while nobody accepts any. */
  private record Connections(List<SocketChannel> open) implements AutoCloseable {
    static Connections upTo(Path socket) throws IOException {
      List<SocketChannel> open = new ArrayList<>();
      while (true) {
        SocketChannel next = SocketChannel.open(StandardProtocolFamily.UNIX);
        open.add(next);
        next.configureBlocking(false);
        try {
          next.connect(UnixDomainSocketAddress.of(socket));
        } catch (SocketException full) {
          return new Connections(open);
        }
      }
    }

    @Override
    public void close() throws IOException {
      for (SocketChannel each : open) {
        each.close();
      }
    }
  }

  private ServerSocketChannel listen() throws IOException {
    return ServerSocketChannel.open(StandardProtocolFamily.UNIX)
        .bind(UnixDomainSocketAddress.of(socket));
  }
}
