package io.vaultkms.deployer.agent;

import java.io.IOException;
import java.net.ConnectException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes a socket file that a killed plugin left: the next one cannot listen where it lies. A
 * socket at which anybody listens is never touched, and one at which nobody does only when the very
 * same file was refused at an earlier look too, since between the two steps of beginning to listen
 * there is a socket that refuses. For one thread.
 */
final class StaleSockets {
  private static final Logger LOG = LoggerFactory.getLogger(StaleSockets.class);

  private final HostFiles files;
  private final Map<Path, Object> refused = new HashMap<>();

  StaleSockets(HostFiles files) {
    this.files = files;
  }

  /** Looks at a socket whose plugin did not answer. */
  void look(Path socket) throws IOException {
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
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      return null;
    } catch (ConnectException e) {
      return key;
    } catch (IOException e) {
      return null;
    }
  }
}
