package io.vaultkms.deployer;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What a process has died of, written down by itself before it does, and whether it has to die at
 * all. It dies as by {@code kill -9}: no hook runs, nothing is flushed.
 *
 * @param file one line for each death
 */
public record Diary(Path file, Fate fate) {
  private static final String FILE = "DIARY";
  private static final String FATE = "FATE";

  /** As the process that is to die finds it in its environment. */
  public static Diary own() {
    return new Diary(Path.of(System.getenv(FILE)), Fate.parse(System.getenv(FATE)));
  }

  Map<String, String> environment() {
    return Map.of(FILE, file.toString(), FATE, fate.toString());
  }

  /** Dies, unless it is spared. */
  public void die(String of) {
    if (!isSpared() && fate.strikes(file.getFileName() + of)) {
      write(new Death(Instant.now(), of));
      Runtime.getRuntime().halt(137);
    }
  }

  /** Dies, unless it is spared or has died of that before. */
  public void dieOnce(String of) {
    if (deaths().stream().noneMatch(death -> death.of().equals(of))) {
      die(of);
    }
  }

  private void write(Death death) {
    try {
      Files.write(
          file,
          (death.time() + " " + death.of() + "\n").getBytes(UTF_8),
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean isSpared() {
    return Files.exists(spared());
  }

  private Path spared() {
    return file.resolveSibling(file.getFileName() + ".spared");
  }

  /** From now on the process lives. */
  void spare() {
    try {
      Files.createFile(spared());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** From now on it dies. */
  void doom() {
    try {
      Files.delete(spared());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<Death> deaths() {
    try {
      return Files.readAllLines(file).stream().map(Death::read).toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
