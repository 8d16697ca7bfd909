package io.vaultkms.deployer.agent;

import io.vaultkms.deployer.Diary;
import io.vaultkms.deployer.agent.HostFiles.Change;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The node agent, which dies after each step that it takes on the host's files. A file that it has
 * prepared once it may prepare again and live, since the one that comes after it has to do that to
 * get on at all.
 */
public final class MortalAgent {
  private final Diary diary = Diary.own();

  private MortalAgent() {}

  public static void main(String[] arguments) {
    MortalAgent mortal = new MortalAgent();
    NodeAgent.run(arguments, new HostFiles(mortal::die));
  }

  private void die(Change change, Path file) {
    String step = change + " " + file.getParent().getFileName() + "/" + file.getFileName();
    if (change == Change.PREPARED) {
      diary.dieOnce(step + " " + hash(file).substring(0, "sha256:01234567".length()));
    } else {
      diary.die(step);
    }
  }

  private static String hash(Path file) {
    try {
      return NodeBundle.hash(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
