package io.vaultkms.lab.world;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A program as a process of its own, started by a script in the world's folder, so that a person
 * can start it again in just the same way. The script notes its pid, so that one that a person
 * started is found and stopped too.
 */
public final class ChildProcess implements AutoCloseable {
  private final String name;
  private final String program;
  private final Path script;
  private final Path pidFile;
  private final Path logFile;
  private Process process;

  private ChildProcess(String name, Path folder, String program) {
    this.name = name;
    this.program = program;
    this.script = folder.resolve(name);
    this.pidFile = folder.resolve(name + ".pid");
    this.logFile = folder.resolve(name + ".log");
  }

  /** Writes the script and starts it; standard output and error go to {@link #log}. */
  public static ChildProcess start(
      Path folder, String name, List<String> command, Map<String, String> environment) {
    ChildProcess child = new ChildProcess(name, folder, command.getLast());
    try {
      Files.createDirectories(folder);
      Files.deleteIfExists(child.script);
      Files.createFile(
          child.script,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Files.writeString(child.script, child.scriptText(command, environment));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    child.start();
    return child;
  }

  private String scriptText(List<String> command, Map<String, String> environment) {
    String variables =
        new TreeMap<>(environment)
            .entrySet().stream()
                .map(entry -> "export " + entry.getKey() + "=" + quote(entry.getValue()) + "\n")
                .collect(Collectors.joining());
    String words = command.stream().map(ChildProcess::quote).collect(Collectors.joining(" "));
    return "#!/bin/sh\n%secho $$ > %s\nexec %s >> %s 2>&1\n"
        .formatted(variables, quote(pidFile.toString()), words, quote(logFile.toString()));
  }

  private static String quote(String word) {
    return word.matches("[A-Za-z0-9_@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  /** Starts it once more, after it has ended. */
  public void start() {
    try {
      process =
          new ProcessBuilder(script.toString())
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(name + " cannot be started: " + e.getMessage(), e);
    }
  }

  public String name() {
    return name;
  }

  /** The command that starts it. */
  public Path command() {
    return script;
  }

  public Path log() {
    return logFile;
  }

  /** The process that runs now, whoever started it; empty when none does. */
  public Optional<ProcessHandle> handle() {
    try {
      if (process.isAlive()) {
        return Optional.of(process.toHandle());
      }
      String pid = Files.readString(pidFile, StandardCharsets.UTF_8).strip();
      return ProcessHandle.of(Long.parseLong(pid))
          .filter(ProcessHandle::isAlive)
          .filter(handle -> handle.info().startInstant().isPresent())
          .filter(this::isOurs);
    } catch (IOException | NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** A pid may be another's by now: only a process with the same program counts. */
  private boolean isOurs(ProcessHandle handle) {
    return handle.info().commandLine().map(line -> line.contains(program)).orElse(false);
  }

  public long pid() {
    return handle().map(ProcessHandle::pid).orElse(process.pid());
  }

  /** As {@code kill -9} does. */
  public void kill() {
    handle().ifPresent(ProcessHandle::destroyForcibly);
  }

  /** SIGTERM, and SIGKILL after ten seconds. */
  @Override
  public void close() {
    terminate();
    awaitEnd();
  }

  /** SIGTERM, without waiting. */
  public void terminate() {
    handle().ifPresent(ProcessHandle::destroy);
  }

  private void awaitEnd() {
    Optional<ProcessHandle> handle = handle();
    if (handle.isEmpty()) {
      return;
    }
    try {
      handle.get().onExit().get(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      handle.get().destroyForcibly();
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      handle.get().destroyForcibly();
    }
  }
}
