package io.vaultkms.lab.kubeapi;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaultkms.lab.world.JavaProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class TetheredProcessTest {
  @TempDir Path folder;

  /** A program that says its pid and stays. */
  private static List<String> staying(Path pid) {
    return List.of(
        "/bin/sh",
        "-c",
        "echo $$ > " + pid + ".tmp; mv " + pid + ".tmp " + pid + "; exec sleep 600");
  }

  private static ProcessHandle awaitStarted(Path pid) throws IOException {
    Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(pid));
    return ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();
  }

  private static void awaitGone(ProcessHandle handle) {
    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> !handle.isAlive());
  }

  @Test
  void killsTheProgramWhenItIsClosed() throws IOException {
    TetheredProcess process =
        TetheredProcess.start(staying(folder.resolve("pid")), folder.resolve("log"));
    ProcessHandle program = awaitStarted(folder.resolve("pid"));

    assertThat(process.running()).isTrue();
    process.close();

    assertThat(process.running()).isFalse();
    awaitGone(program);
  }

  @Test
  void noticesThatTheProgramHasEndedAndWhatItSaidLast() {
    TetheredProcess process =
        TetheredProcess.start(
            List.of("/bin/sh", "-c", "echo first; echo no such flag; exit 1"),
            folder.resolve("log"));

    Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> !process.running());

    assertThat(process.lastWords()).isEqualTo("no such flag");
    process.close();
  }

  /** Starts a program and waits to be killed. */
  public static final class Owner {
    private Owner() {}

    public static void main(String[] arguments) throws InterruptedException {
      Path folder = Path.of(arguments[0]);
      TetheredProcess.start(staying(folder.resolve("pid")), folder.resolve("log"));
      Thread.sleep(Duration.ofMinutes(10));
    }
  }

  @Test
  void killsTheProgramWhenTheVirtualMachineIsKilled() throws IOException {
    List<String> command =
        new java.util.ArrayList<>(JavaProgram.command(Owner.class.getName(), "32m"));
    command.add(folder.toString());
    Process owner =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    ProcessHandle program = awaitStarted(folder.resolve("pid"));

    owner.destroyForcibly();

    awaitGone(program);
  }

  /** As Ctrl-C at a terminal does, which signals the shells of the tether too. */
  @Test
  void killsAProgramThatDoesNotListenWhenEveryProcessIsAskedToEnd() throws IOException {
    Path pid = folder.resolve("pid");
    TetheredProcess process =
        TetheredProcess.start(
            List.of(
                "/bin/sh",
                "-c",
                "trap '' INT TERM; echo $$ > "
                    + pid
                    + ".tmp; mv "
                    + pid
                    + ".tmp "
                    + pid
                    + "; exec sleep 600"),
            folder.resolve("log"));
    ProcessHandle program = awaitStarted(pid);

    program.parent().orElseThrow().descendants().forEach(ProcessHandle::destroy);
    program.parent().orElseThrow().destroy();
    process.close();

    awaitGone(program);
  }
}
