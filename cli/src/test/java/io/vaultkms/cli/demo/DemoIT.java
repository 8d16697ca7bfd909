package io.vaultkms.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.vaultkms.platform.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The main job from end to end, by the programs as they are shipped. */
class DemoIT {
  @TempDir Path temporary;

  @Test
  void endsSettledWithEveryObjectUnderTheKeyOfVaultAndLeavesNothingBehind() throws Exception {
    Path folders = Files.createDirectory(temporary.resolve("t"));
    Run run = run(folders, "--nodes", "2", "--secrets", "60", "--configmaps", "20", "--json");

    assertThat(run.exit()).as(run.errors()).isZero();
    JsonNode result = Json.MAPPER.readTree(run.output());
    assertThat(result.path("result").asText()).isEqualTo("settled");
    assertThat(result.path("backend").asText()).isEqualTo("stand-in");
    assertThat(result.path("objects").path("total").asLong()).isGreaterThanOrEqualTo(80);
    assertThat(result.path("objects").path("encrypted"))
        .isEqualTo(result.path("objects").path("total"));
    assertThat(result.path("census").path("before").fieldNames())
        .toIterable()
        .containsExactly("identity");
    assertThat(result.path("census").path("after").fieldNames())
        .toIterable()
        .containsExactly("k8s:enc:kms:v2:1_configmaps", "k8s:enc:kms:v2:1_secrets");
    assertThat(result.path("stages").findValuesAsText("name"))
        .contains("preflight", "key", "read key", "write key", "migration", "settled");
    assertThat(result.path("processes").findValuesAsText("name")).containsAll(Programs.SERVICES);
    assertThat(result.path("processes").findValues("pid"))
        .allSatisfy(
            pid -> assertThat(ProcessHandle.of(pid.asLong())).as("process %s", pid).isEmpty());
    assertThat(inside(folders)).isEmpty();
  }

  @Test
  void everyChapterEndsSettledUnderTheKeyThatItAskedFor() throws Exception {
    Path folders = Files.createDirectory(temporary.resolve("t"));
    Run run =
        run(
            folders,
            "--nodes",
            "2",
            "--secrets",
            "40",
            "--configmaps",
            "10",
            "--chapters",
            "all",
            "--json");

    assertThat(run.exit()).as(run.errors()).isZero();
    JsonNode result = Json.MAPPER.readTree(run.output());
    assertThat(result.path("result").asText()).isEqualTo("settled");
    assertThat(result.path("chapters").findValuesAsText("name"))
        .containsExactly("enable", "reject", "move-key", "in-place", "credentials", "off-and-on");
    // Key 1 was the first, key 2 the other path, key 3 plaintext, and key 4 is the path again.
    assertThat(result.path("census").path("after").fieldNames())
        .toIterable()
        .containsExactly("k8s:enc:kms:v2:4_configmaps", "k8s:enc:kms:v2:4_secrets");
    assertThat(result.path("objects").path("encrypted"))
        .isEqualTo(result.path("objects").path("total"));
  }

  @Test
  void anUnknownChapterIsOneSentenceAndExitCode2() throws Exception {
    Run run = run(temporary, "--chapters", "nonsense");

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.errors()).contains("--chapters 'nonsense' must be one of");
  }

  private record Run(int exit, String output, String errors) {}

  private Run run(Path folders, String... arguments) throws IOException, InterruptedException {
    Path dist = Path.of("..", "target", "dist").toAbsolutePath().normalize();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@" + dist.resolve("cli").resolve("jvm.options"));
    command.add("-Djava.io.tmpdir=" + folders);
    command.add("-jar");
    command.add(dist.resolve("cli.jar").toString());
    command.add("demo");
    command.addAll(List.of(arguments));
    Path output = temporary.resolve("output");
    Path errors = temporary.resolve("errors");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(output.toFile()).redirectError(errors.toFile());
    builder.environment().remove("KUBEBUILDER_ASSETS");
    Process process = builder.start();
    try {
      assertThat(process.waitFor(8, TimeUnit.MINUTES)).as("the demo ends").isTrue();
    } finally {
      process.destroy();
    }
    return new Run(process.exitValue(), Files.readString(output), Files.readString(errors));
  }

  private static List<Path> inside(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.getFileName().toString().startsWith("vk")).toList();
    }
  }
}
