package io.vaultkms.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code vaultkms} in a checkout whose Maven and JDKs are scripts that say they ran. */
@DisabledOnOs(OS.WINDOWS)
class LauncherScriptTest {
  @TempDir Path directory;
  private Path checkout;

  @BeforeEach
  void makeCheckout() throws IOException {
    checkout = Files.createDirectories(directory.resolve("check out"));
    Files.copy(Path.of("..", "vaultkms").toAbsolutePath(), checkout.resolve("vaultkms"));
    executable(checkout.resolve("vaultkms"));
    Files.createDirectories(checkout.resolve("cli/src/main/launch"));
    Files.createDirectories(checkout.resolve("migrator/src/main/launch"));
    Files.writeString(checkout.resolve("cli/src/main/launch/jvm.options"), "");
    Files.writeString(checkout.resolve("migrator/src/main/launch/jvm.options"), "");
    Files.writeString(checkout.resolve("pom.xml"), "<project/>");
    Files.writeString(checkout.resolve("cli/pom.xml"), "<project/>");
    script(
        checkout.resolve("mvnw"),
        """
        echo "$JAVA_HOME $*" >> builds
        mkdir -p target/dist/cli
        [ -e target/dist/cli.jar ] || echo > target/dist/cli.jar
        echo > target/dist/migrator.jar
        echo > target/dist/cli/jvm.options
        """);
    age(checkout, 60);
  }

  private static void age(Path folder, int seconds) throws IOException {
    try (var files = Files.walk(folder)) {
      for (Path file : files.toList()) {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(seconds)));
      }
    }
  }

  private static void executable(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static void script(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + text);
    executable(file);
  }

  private Path jdk(String name, String version) throws IOException {
    Path home = directory.resolve(name);
    script(home.resolve("bin/java"), "echo \"$0\"; for a in \"$@\"; do echo \"$a\"; done\n");
    script(home.resolve("bin/javac"), "");
    Files.writeString(
        home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
    return home;
  }

  private Process start(Path script, Path javaHome, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("bash", script.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    builder.environment().put("JAVA_HOME", javaHome.toString());
    return builder.start();
  }

  private static List<String> output(Process process) throws Exception {
    List<String> lines = process.inputReader().lines().toList();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return lines;
  }

  private List<String> builds() throws IOException {
    Path builds = checkout.resolve("builds");
    return Files.exists(builds) ? Files.readAllLines(builds) : List.of();
  }

  @Test
  void buildsOnceAndHandsOver() throws Exception {
    Path jdk = jdk("jdk 26", "26.0.1");
    Path script = checkout.resolve("vaultkms");
    for (int run = 0; run < 2; run++) {
      assertThat(output(start(script, jdk, "status", "--context", "a b")))
          .startsWith(jdk.resolve("bin/java").toString())
          .contains(checkout.resolve("target/dist/cli.jar").toString())
          .endsWith("status", "--context", "a b");
    }
    assertThat(builds()).containsExactly(jdk + " -B -ntp -q -Dmaven.test.skip=true package");
  }

  @Test
  void buildsOnceMoreWhenASourceIsNewerThoughMavenLeavesTheJarAlone() throws Exception {
    Path jdk = jdk("jdk", "25");
    Path script = checkout.resolve("vaultkms");
    output(start(script, jdk));
    age(checkout.resolve("target/dist"), 30);
    Path source = Files.writeString(checkout.resolve("cli/src/main/New.java"), "class New {}");
    age(source.getParent(), 10);
    output(start(script, jdk));
    output(start(script, jdk));
    assertThat(builds()).hasSize(2);
  }

  @Test
  void buildsAgainWhenAProgramIsMissing() throws Exception {
    Path jdk = jdk("jdk", "25");
    Path script = checkout.resolve("vaultkms");
    output(start(script, jdk));
    Files.delete(checkout.resolve("target/dist/migrator.jar"));
    output(start(script, jdk));
    assertThat(builds()).hasSize(2);
  }

  @Test
  void severalAtOnceBuildOnce() throws Exception {
    Path jdk = jdk("jdk", "25");
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      processes.add(start(checkout.resolve("vaultkms"), jdk));
    }
    for (Process process : processes) {
      assertThat(output(process)).isNotEmpty();
      assertThat(process.exitValue()).isZero();
    }
    assertThat(builds()).hasSize(1);
  }

  @Test
  void worksThroughSymbolicLinks() throws Exception {
    Path link = Files.createSymbolicLink(directory.resolve("vk"), Path.of("check out", "vaultkms"));
    Path linkToLink = Files.createSymbolicLink(directory.resolve("vk2"), link);
    assertThat(output(start(linkToLink, jdk("jdk", "25"), "status")))
        .contains(checkout.resolve("target/dist/cli.jar").toString());
  }

  @Test
  void anOlderJdkIsPassedOver() throws Exception {
    Path old = jdk("jdk-17", "17.0.15");
    assertThat(output(start(checkout.resolve("vaultkms"), old, "--version")))
        .doesNotContain(old.resolve("bin/java").toString());
  }

  @Test
  void aBuildThatFailsIsSaid() throws Exception {
    script(checkout.resolve("mvnw"), "echo 'does not compile' >&2; exit 1\n");
    Process process = start(checkout.resolve("vaultkms"), jdk("jdk", "25"));
    String said = new String(process.getErrorStream().readAllBytes());
    assertThat(process.waitFor()).isEqualTo(1);
    assertThat(said).contains("does not compile", "vaultkms: the build failed");
  }
}
