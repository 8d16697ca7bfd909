package io.vaultkms.cli.bench;

import io.vaultkms.cli.command.CommandFailed;
import io.vaultkms.lab.world.JavaProgram;
import io.vaultkms.platform.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The {@link Rival}, with the options that the migrator runs with. */
final class RivalProcess implements AutoCloseable {
  private final Process process;
  private final Path log;
  private final Writer orders;
  private final BufferedReader answers;

  private RivalProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
    this.orders = process.outputWriter(StandardCharsets.UTF_8);
    this.answers = process.inputReader(StandardCharsets.UTF_8);
  }

  static RivalProcess start(Arena arena, Path dist) throws IOException {
    Path log = arena.folder().resolve("rival.log");
    Process process =
        new ProcessBuilder(
                JavaProgram.java(),
                "@" + dist.resolve("migrator").resolve("jvm.options"),
                "-cp",
                dist.resolve("cli.jar").toString(),
                Rival.class.getName(),
                arena.server().toString(),
                arena.caCertificate().toString(),
                arena.rivalToken().toString())
            .redirectError(log.toFile())
            .start();
    return new RivalProcess(process, log);
  }

  /** Returns when it is done. */
  Measured ask(Rival.Order order) throws IOException {
    try {
      orders.write(Json.write(order) + "\n");
      orders.flush();
      for (String line = answers.readLine(); line != null; line = answers.readLine()) {
        if (line.startsWith("{")) { // A JVM may say things of its own there.
          return Json.read(line, Measured.class);
        }
      }
    } catch (IOException e) {
      // It has ended, which is told below.
    }
    throw new CommandFailed("the client that was to %s ended, see %s".formatted(order.act(), log));
  }

  @Override
  public void close() throws IOException {
    orders.close();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
