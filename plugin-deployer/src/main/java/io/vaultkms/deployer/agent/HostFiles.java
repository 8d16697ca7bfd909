package io.vaultkms.deployer.agent;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Writes files that others read at any moment and that must outlive a power cut: a new file beside
 * the old one, synced, then renamed over it, then the folder synced. 0600 in folders of 0700. A
 * process that ends at any step leaves what the next one carries on from.
 */
final class HostFiles {
  /** Nobody listens. */
  static final HostFiles PLAIN = new HostFiles((change, file) -> {});

  private static final String FRESH_END = ".new";

  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private final Listener listener;

  HostFiles(Listener listener) {
    this.listener = listener;
  }

  /** A step that is on the disk. */
  enum Change {
    /** The new content lies beside the file. */
    PREPARED,
    /** The file has the new content. */
    REPLACED,
    /** The file is not there any more. */
    DELETED
  }

  /** Hears of each step as soon as it is done; for the tests that end the process there. */
  @FunctionalInterface
  interface Listener {
    void done(Change change, Path file);
  }

  /**
   * Writes a file, unless it has these bytes already.
   *
   * @return whether it was written
   */
  boolean write(Path file, byte[] bytes) throws IOException {
    if (has(file, bytes)) {
      return false;
    }
    Path folder = file.getParent();
    Files.createDirectories(folder, PRIVATE_FOLDER);
    Path fresh = fresh(file);
    Files.deleteIfExists(fresh);
    try (FileChannel channel =
        FileChannel.open(
            fresh, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), PRIVATE_FILE)) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
    listener.done(Change.PREPARED, fresh);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    listener.done(Change.REPLACED, file);
    sync(folder);
    return true;
  }

  /** A name that begins with a dot is nothing to the kubelet, which reads the manifests folder. */
  private static Path fresh(Path file) {
    return file.resolveSibling("." + file.getFileName() + FRESH_END);
  }

  /** Deletes a file if it is there, for good, and what a write that was cut off left beside it. */
  boolean delete(Path file) throws IOException {
    deleteIfThere(fresh(file));
    boolean deleted = deleteIfThere(file);
    if (deleted) {
      sync(file.getParent());
    }
    return deleted;
  }

  private boolean deleteIfThere(Path path) throws IOException {
    boolean deleted = Files.deleteIfExists(path);
    if (deleted) {
      listener.done(Change.DELETED, path);
    }
    return deleted;
  }

  /** Deletes a folder and the files in it. */
  void deleteFolder(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    List<Path> inside;
    try (Stream<Path> walk = Files.walk(folder)) {
      inside = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : inside) {
      deleteIfThere(path);
    }
    sync(folder.getParent());
  }

  private static boolean has(Path file, byte[] bytes) throws IOException {
    try {
      return Arrays.equals(Files.readAllBytes(file), bytes);
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private static void sync(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
