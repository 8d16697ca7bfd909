package io.vaultkms.lab.plugin;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * The right to listen on a socket's path. A lock file beside it is held for as long as the process
 * lives, since a socket file says nothing about whether anyone listens: one left by a killed plugin
 * would block the next, and to remove a live one would cut off its clients. The lock file stays
 * when the socket goes, for whoever removes a lock file may remove one that another has just taken.
 */
final class KmsSocket implements AutoCloseable {
  private final Path path;
  private final FileChannel lockFile;
  private @Nullable Object fileKey;

  private KmsSocket(Path path, FileChannel lockFile) {
    this.path = path;
    this.lockFile = lockFile;
  }

  /**
   * Takes the path and removes what an earlier plugin left there.
   *
   * @throws IOException with one sentence, if another plugin listens or the folder is not writable
   */
  static KmsSocket claim(Path path) throws IOException {
    Path lock = path.resolveSibling(path.getFileName() + ".lock");
    FileChannel lockFile;
    try {
      lockFile = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new IOException("cannot listen on " + path + ": cannot write " + lock, e);
    }
    FileLock held = lockFile.tryLock();
    if (held == null || isLive(path)) {
      lockFile.close();
      throw new IOException("cannot listen on " + path + ": another plugin does");
    }
    Files.deleteIfExists(path);
    return new KmsSocket(path, lockFile);
  }

  private static boolean isLive(Path path) {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      return channel.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  /** To be called when something listens there: lets the group in, and no one else. */
  void listening() throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwx---"));
    fileKey = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
  }

  /** Removes the socket if it is still the one that was made here. */
  @Override
  public void close() throws IOException {
    if (fileKey != null && Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      Object now = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
      if (fileKey.equals(now)) {
        Files.deleteIfExists(path);
      }
    }
    lockFile.close();
  }
}
