package io.vaultkms.lab.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaultkms.lab.kubelet.PodStatus.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabKubeletTest {
  private static final Backoff QUICK =
      new Backoff(Duration.ofMillis(20), Duration.ofMillis(80), Duration.ofSeconds(30));

  @TempDir Path folder;
  private Path manifests;
  private LabKubelet kubelet;

  @BeforeEach
  void start() {
    manifests = folder.resolve("manifests");
    kubelet =
        LabKubelet.start(
            manifests,
            folder.resolve("logs"),
            image -> image.equals("shell") ? List.of("/bin/sh", "-c") : List.of(),
            QUICK,
            null);
  }

  @AfterEach
  void stop() {
    kubelet.close();
  }

  private static ConditionFactory soon() {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(15))
        .pollInterval(Duration.ofMillis(20))
        .ignoreExceptions();
  }

  private void write(String file, String image, String script, String more) throws IOException {
    String manifest =
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: pod}
        spec:
          terminationGracePeriodSeconds: 1
          containers:
          - name: main
            image: %s
            args: ["%s"]
            env: [{name: GREETING, value: hello}]
        %s
        """
            .formatted(image, script, more);
    Path next = manifests.resolve(".next");
    Files.writeString(next, manifest);
    Files.move(next, manifests.resolve(file), StandardCopyOption.ATOMIC_MOVE);
  }

  private PodStatus pod() {
    assertThat(kubelet.pods()).hasSize(1);
    return kubelet.pods().getFirst();
  }

  private PodStatus awaitRunning() {
    soon().until(() -> pod().state() == State.RUNNING);
    return pod();
  }

  private String log() throws IOException {
    return Files.readString(folder.resolve("logs/pod-main.log"));
  }

  private static boolean alive(PodStatus status) {
    return ProcessHandle.of(status.pid().orElseThrow()).map(ProcessHandle::isAlive).orElse(false);
  }

  @Test
  void runsAPodWithItsArgumentsAndEnvironment() throws IOException {
    write("a.yaml", "shell", "echo $GREETING from $0; exec sleep 60", "");

    PodStatus running = awaitRunning();

    assertThat(running.name()).isEqualTo("pod");
    assertThat(running.image()).isEqualTo("shell");
    assertThat(running.restarts()).isZero();
    assertThat(alive(running)).isTrue();
    soon().until(() -> log().startsWith("hello from"));
  }

  @Test
  void startsAgainWhatEnds() throws IOException {
    write("a.yaml", "shell", "echo begun; exit 3", "");

    soon().until(() -> pod().restarts() >= 3);

    assertThat(pod().lastExit()).hasValue(3);
    assertThat(log().lines().filter("begun"::equals).count()).isGreaterThanOrEqualTo(3);
  }

  @Test
  void startsAgainWhatIsKilled() throws IOException {
    write("a.yaml", "shell", "exec sleep 60", "");
    PodStatus first = awaitRunning();

    ProcessHandle.of(first.pid().orElseThrow()).orElseThrow().destroyForcibly();

    soon().until(() -> awaitRunning().restarts() == 1);
    assertThat(pod().pid()).isNotEqualTo(first.pid());
    assertThat(pod().lastExit()).hasValue(137);
  }

  @Test
  void restartsAPodWhoseManifestChanges() throws IOException {
    write("a.yaml", "shell", "echo old; exec sleep 60", "");
    PodStatus old = awaitRunning();
    write("a.yaml", "shell", "echo new; exec sleep 60", "");

    soon().until(() -> log().contains("new"));

    assertThat(alive(old)).isFalse();
    assertThat(awaitRunning().restarts()).isZero();
  }

  @Test
  void restartsAPodWhoseAnnotationChanges() throws IOException {
    write("a.yaml", "shell", "exec sleep 60", "");
    PodStatus old = awaitRunning();
    Path file = manifests.resolve("a.yaml");
    String changed =
        Files.readString(file).replace("{name: pod}", "{name: pod, annotations: {a: b}}");
    Files.writeString(file, changed);

    soon().until(() -> !awaitRunning().pid().equals(old.pid()));
  }

  @Test
  void stopsAPodWhoseManifestGoes() throws IOException {
    write("a.yaml", "shell", "exec sleep 60", "");
    PodStatus running = awaitRunning();

    Files.delete(manifests.resolve("a.yaml"));

    soon().until(() -> kubelet.pods().isEmpty());
    assertThat(alive(running)).isFalse();
  }

  @Test
  void killsWhatDoesNotStopInTimeAndItsChildren() throws IOException {
    write("a.yaml", "shell", "trap '' TERM; sleep 60 & echo $!; while true; do sleep 1; done", "");
    PodStatus running = awaitRunning();
    soon().until(() -> log().endsWith("\n"));
    long child = Long.parseLong(log().strip());

    kubelet.close();

    assertThat(alive(running)).isFalse();
    soon()
        .until(() -> ProcessHandle.of(child).map(ProcessHandle::isAlive).orElse(false), no -> !no);
  }

  @Test
  void saysThatAnImageCannotBePulled() throws IOException {
    write("a.yaml", "unknown", "", "");

    soon().until(() -> pod().state() == State.IMAGE_PULL_BACK_OFF);

    assertThat(pod().reason()).contains("unknown");
    assertThat(pod().state()).hasToString("ImagePullBackOff");
  }

  @Test
  void makesFoldersThatAPodAsksForAndWaitsForOthers() throws IOException {
    Path made = folder.resolve("made");
    Path missing = folder.resolve("missing");
    write(
        "a.yaml",
        "shell",
        "exec sleep 60",
        "  volumes:\n"
            + "  - {name: a, hostPath: {path: %s, type: DirectoryOrCreate}}\n".formatted(made)
            + "  - {name: b, hostPath: {path: %s, type: Directory}}\n".formatted(missing));

    soon().until(() -> pod().reason().contains("missing"));
    assertThat(pod().state()).isEqualTo(State.CONTAINER_CREATING);
    assertThat(made).isDirectory();
    Files.createDirectory(missing);
    awaitRunning();
  }

  @Test
  void passesOverHiddenAndUnfinishedFilesAndWhatIsNoPod() throws IOException {
    Files.writeString(manifests.resolve(".hidden.yaml"), "kind: Pod");
    Files.writeString(manifests.resolve("half.yaml.tmp"), "kind: Pod");
    Files.writeString(manifests.resolve("broken.yaml"), "kind: [");
    write("good.yaml", "shell", "exec sleep 60", "");

    awaitRunning();

    assertThat(kubelet.pods()).hasSize(1);
  }

  @Test
  void refusesAMountThatIsElsewhereOnTheHost() {
    String manifest =
        """
        kind: Pod
        metadata: {name: pod}
        spec:
          containers:
          - {name: c, image: i, volumeMounts: [{name: v, mountPath: /elsewhere}]}
          volumes: [{name: v, hostPath: {path: /here}}]
        """;

    org.assertj.core.api.Assertions.assertThatThrownBy(
            () -> PodManifest.parse(manifest.getBytes(java.nio.charset.StandardCharsets.UTF_8)))
        .hasMessageContaining("/here")
        .hasMessageContaining("/elsewhere");
  }

  @Test
  void waitsLongerEachTimeUntilAContainerStaysUp() {
    Backoff backoff = Backoff.LAB;
    Duration once = backoff.next(Duration.ZERO, Duration.ZERO);
    Duration twice = backoff.next(once, Duration.ZERO);

    assertThat(once).isEqualTo(Duration.ofMillis(200));
    assertThat(twice).isEqualTo(Duration.ofMillis(400));
    assertThat(backoff.next(Duration.ofSeconds(9), Duration.ZERO))
        .isEqualTo(Duration.ofSeconds(10));
    assertThat(backoff.next(Duration.ofSeconds(9), Duration.ofSeconds(31))).isEqualTo(once);
  }
}
