package io.vaultkms.deployer.agent;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes socket files that killed plugins left: the next ones cannot listen where they lie. A
 * socket at which anybody listens is never touched, and one at which nobody does only when the very
 * same file was refused at an earlier look too, since between the two steps of beginning to listen
 * there is a socket that refuses. It needs nothing but the host's files: the API server may be
 * waiting for just this plugin. For one thread.
 */
final class StaleSockets {
  private static final Logger LOG = LoggerFactory.getLogger(StaleSockets.class);

  private final HostFiles files;
  private final HostPaths paths;
  private final Map<Path, Object> refused = new HashMap<>();

  StaleSockets(HostFiles files, HostPaths paths) {
    this.files = files;
    this.paths = paths;
  }

  /** Looks once at the socket of every plugin that has left anything on this node. */
  void look() throws IOException {
    Set<Path> sockets = new HashSet<>();
    for (String prefix : List.of(PluginPod.SERVING, PluginPod.CANDIDATE)) {
      for (String name : PluginPod.written(paths, prefix)) {
        sockets.add(PluginPod.socket(paths, name));
      }
    }
    refused.keySet().retainAll(sockets);
    for (Path socket : sockets) {
      look(socket);
    }
  }

  private void look(Path socket) throws IOException {
    Object key = refusing(socket);
    if (key == null) {
      refused.remove(socket);
    } else if (key.equals(refused.put(socket, key))) {
      refused.remove(socket);
      files.delete(socket);
      LOG.info("nobody listens on {} any more: removed", socket);
    }
  }

  /**
   * What tells this file from another at the same path; null where somebody listens, or none is.
   */
  private static @Nullable Object refusing(Path socket) throws IOException {
    Object key;
    try {
      key =
          Files.readAttributes(socket, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
              .fileKey();
    } catch (NoSuchFileException e) {
      return null;
    }
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      // One that listens and takes no connection is not waited for.
      channel.configureBlocking(false);
      channel.connect(UnixDomainSocketAddress.of(socket));
      return null;
    } catch (ConnectException e) {
      return key;
    } catch (IOException e) {
      return null;
    }
  }
}
