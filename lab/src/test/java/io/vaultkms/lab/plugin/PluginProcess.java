package io.vaultkms.lab.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vaultkms.platform.kms.KmsPlugin;
import io.vaultkms.platform.kms.KmsPlugin.PluginStatus;
import io.vaultkms.platform.kms.KmsPluginException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** The plugin as a real child process, and a client of its socket. */
final class PluginProcess implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Path output;
  private final Process process;
  private final KmsPlugin client;

  private PluginProcess(Path socket, Path output, Process process) {
    this.output = output;
    this.process = process;
    this.client = new KmsPlugin(socket, Duration.ofSeconds(3));
  }

  /**
   * @param flags all but -listen-address
   */
  static PluginProcess start(Path folder, Path socket, List<String> flags) throws IOException {
    Path output = Files.createTempFile(folder, "plugin", ".log");
    List<String> command = new ArrayList<>(PluginCommand.of(flags));
    command.add("-listen-address=unix://" + socket);
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    return new PluginProcess(socket, output, process);
  }

  KmsPlugin client() {
    return client;
  }

  PluginStatus awaitStatus(Predicate<PluginStatus> wanted) {
    return await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .ignoreException(KmsPluginException.class)
        .until(client::status, wanted);
  }

  PluginStatus awaitHealthy() {
    return awaitStatus(PluginStatus::healthy);
  }

  PluginStatus awaitProblem(String part) {
    return awaitStatus(status -> status.healthz().contains(part));
  }

  int awaitExit() throws InterruptedException {
    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  void terminate() {
    process.destroy();
  }

  void kill() {
    process.destroyForcibly();
  }

  String output() {
    try {
      return Files.readString(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    client.close();
    process.destroyForcibly().onExit().join();
  }
}
