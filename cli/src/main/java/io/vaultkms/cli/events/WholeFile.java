package io.vaultkms.cli.events;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A file that appears under its name when it is whole, and not at all if it never is. */
final class WholeFile implements AutoCloseable {
  private final Path file;
  private final Path part;
  private final BufferedWriter writer;

  private WholeFile(Path file, Path part, BufferedWriter writer) {
    this.file = file;
    this.part = part;
    this.writer = writer;
  }

  static WholeFile begin(Path file) throws IOException {
    Path target = file.toAbsolutePath();
    Path part =
        target.resolveSibling(
            ".%s.%d.part".formatted(target.getFileName(), ProcessHandle.current().pid()));
    return new WholeFile(target, part, Files.newBufferedWriter(part));
  }

  BufferedWriter writer() {
    return writer;
  }

  void complete() throws IOException {
    writer.close();
    try {
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  @Override
  public void close() throws IOException {
    writer.close();
    Files.deleteIfExists(part);
  }
}
