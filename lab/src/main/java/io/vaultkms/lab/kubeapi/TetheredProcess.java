package io.vaultkms.lab.kubeapi;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A program that does not outlive this JVM. A shell between the two waits for the end of its
 * standard input, a pipe that only this JVM holds: it ends when this closes it, and also when the
 * JVM dies without a word, and then the shell kills the program. What asks all processes to end, as
 * Ctrl-C at a terminal does, does not end the shell before the program.
 */
final class TetheredProcess implements AutoCloseable {
  /** Arguments: the log file, then the program and its own. */
  private static final String TETHER =
      """
      log=$1
      shift
      exec 3<&0
      "$@" 3<&- </dev/null >>"$log" 2>&1 &
      program=$!
      trap '' HUP INT TERM
      (while read -r _; do :; done; kill -9 $program) <&3 3<&- >/dev/null 2>&1 &
      tether=$!
      exec 3<&-
      wait $program
      code=$?
      kill -9 $tether 2>/dev/null
      exit $code
      """;

  private static final int END_LIMIT_SECONDS = 20;

  private final Process shell;
  private final Path log;

  private TetheredProcess(Process shell, Path log) {
    this.shell = shell;
    this.log = log;
  }

  /** Starts it; what it says is appended to the log. */
  static TetheredProcess start(List<String> command, Path log) {
    List<String> words = new ArrayList<>(List.of("/bin/sh", "-c", TETHER, "tether"));
    words.add(log.toString());
    words.addAll(command);
    try {
      return new TetheredProcess(
          new ProcessBuilder(words)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start(),
          log);
    } catch (IOException e) {
      throw new UncheckedIOException(command.getFirst() + " cannot be started", e);
    }
  }

  boolean running() {
    return shell.isAlive();
  }

  /** The last line that it wrote, for the reason why it has ended. */
  String lastWords() {
    try {
      List<String> lines = Files.readAllLines(log);
      return lines.isEmpty() ? "it said nothing" : lines.getLast();
    } catch (IOException e) {
      return "it said nothing";
    }
  }

  /** Kills it as {@code kill -9} does, and waits until it is gone. */
  @Override
  public void close() {
    try {
      shell.getOutputStream().close();
      if (!shell.waitFor(END_LIMIT_SECONDS, TimeUnit.SECONDS)) {
        shell.destroyForcibly();
      }
    } catch (IOException e) {
      shell.destroyForcibly();
    } catch (InterruptedException e) {
      shell.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
