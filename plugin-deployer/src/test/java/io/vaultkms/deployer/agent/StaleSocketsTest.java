package io.vaultkms.deployer.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StaleSocketsTest {
  private final StaleSockets sockets = new StaleSockets(HostFiles.PLAIN);
  private Path socket;

  @BeforeEach
  void name(@TempDir Path folder) {
    socket = folder.resolve("kms.sock");
  }

  @Test
  void oneThatAKilledPluginLeftIsRemovedAtTheSecondLook() throws IOException {
    listen().close();

    sockets.look(socket);
    assertThat(socket).exists();

    sockets.look(socket);
    assertThat(socket).doesNotExist();
  }

  @Test
  void oneAtWhichAPluginListensIsNeverTouched() throws IOException {
    try (ServerSocketChannel live = listen()) {
      for (int look = 0; look < 4; look++) {
        sockets.look(socket);
      }
      assertThat(socket).exists();
    }
  }

  @Test
  void oneThatIsNewSinceTheFirstLookIsNotRemoved() throws IOException {
    listen().close();
    sockets.look(socket);
    Path kept = socket.resolveSibling("kept");
    Files.move(socket, kept);
    listen().close();

    sockets.look(socket);

    assertThat(socket).exists();
  }

  @Test
  void whereThereIsNoneNothingHappens() throws IOException {
    sockets.look(socket);
    sockets.look(socket);
    assertThat(socket).doesNotExist();
  }

  private ServerSocketChannel listen() throws IOException {
    return ServerSocketChannel.open(StandardProtocolFamily.UNIX)
        .bind(UnixDomainSocketAddress.of(socket));
  }
}
