package io.vaultkms.deployer.agent;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vaultkms.deployer.agent.HostFiles.Change;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * The node agent, which dies after each step that it takes on the host's files, as by {@code kill
 * -9}: no hook runs, nothing is flushed. It writes each death down first. A file that it has
 * prepared once it may prepare again and live, since the one that comes after it has to do that to
 * get on at all.
 */
public final class MortalAgent {
  /** The variable with the path of the file that the deaths are written to. */
  static final String DIARY = "DIARY";

  private final Path diary;

  private MortalAgent(Path diary) {
    this.diary = diary;
  }

  public static void main(String[] arguments) {
    MortalAgent mortal = new MortalAgent(Path.of(System.getenv(DIARY)));
    NodeAgent.run(arguments, new HostFiles(mortal::die));
  }

  /** From now on the agent that writes this diary lives. */
  static void spare(Path diary) throws IOException {
    Files.createFile(spared(diary));
  }

  static List<String> deaths(Path diary) throws IOException {
    try {
      return Files.readAllLines(diary);
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  private static Path spared(Path diary) {
    return diary.resolveSibling(diary.getFileName() + ".spared");
  }

  private void die(Change change, Path file) {
    try {
      String death = change + " " + file;
      if (change == Change.PREPARED) {
        death += " " + NodeBundle.hash(Files.readAllBytes(file));
      }
      boolean again = change == Change.PREPARED && deaths(diary).contains(death);
      if (again || Files.exists(spared(diary))) {
        return;
      }
      Files.write(
          diary,
          (death + "\n").getBytes(UTF_8),
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Runtime.getRuntime().halt(137);
  }
}
