package io.vaultkms.lab.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.vaultkms.lab.kubelet.LabKubelet;
import io.vaultkms.lab.kubelet.MirrorPods;
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

/** Static pods as the cluster shows them. */
public abstract class MirrorPodsContract extends ControlPlaneContract {
  @TempDir private Path folder;
  private LabKubelet kubelet;

  @BeforeEach
  void startKubelet() {
    kubelet =
        LabKubelet.start(
            folder.resolve("manifests"),
            folder.resolve("logs"),
            image -> image.equals("shell") ? List.of("/bin/sh", "-c") : List.of(),
            new MirrorPods(client, "n1"));
  }

  @AfterEach
  void stopKubelet() {
    kubelet.close();
  }

  @Test
  void showsAStaticPodUnderItsNodesNameUntilItsManifestGoes() throws IOException {
    write("shell", "exec sleep 60", "one");

    soon().until(() -> "Running".equals(pod().getStatus().getPhase()));
    assertThat(pod().getSpec().getNodeName()).isEqualTo("n1");
    assertThat(pod().getMetadata().getAnnotations())
        .containsEntry("example.com/note", "one")
        .containsKey("kubernetes.io/config.mirror");
    assertThat(container().getReady()).isTrue();

    Files.delete(folder.resolve("manifests/pod.yaml"));
    soon().until(() -> pod() == null);
  }

  @Test
  void showsAnotherPodWhenTheManifestChanges() throws IOException {
    write("shell", "exec sleep 60", "one");
    soon().until(() -> pod() != null);
    String uid = pod().getMetadata().getUid();

    write("shell", "exec sleep 60", "two");

    soon().until(() -> "two".equals(pod().getMetadata().getAnnotations().get("example.com/note")));
    assertThat(pod().getMetadata().getUid()).isNotEqualTo(uid);
  }

  @Test
  void saysThatAnImageCannotBePulled() throws IOException {
    write("registry.example/none", "exit 0", "one");

    soon().until(() -> container().getState().getWaiting().getReason().equals("ImagePullBackOff"));
    assertThat(container().getState().getWaiting().getMessage()).contains("registry.example/none");
  }

  @Test
  void saysWithWhatWordsAContainerFailed() throws IOException {
    write("shell", "echo unknown flag -colour >&2; exit 2", "one");

    soon().until(() -> container().getLastState().getTerminated().getExitCode() == 2);
    assertThat(container().getLastState().getTerminated().getMessage())
        .isEqualTo("unknown flag -colour\n");
  }

  private Pod pod() {
    return client.pods().inNamespace(namespace).withName("pod-n1").get();
  }

  private ContainerStatus container() {
    return pod().getStatus().getContainerStatuses().getFirst();
  }

  private static ConditionFactory soon() {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptions();
  }

  private void write(String image, String script, String note) throws IOException {
    Path next = folder.resolve("manifests/.next");
    Files.writeString(
        next,
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: pod, namespace: %s, annotations: {example.com/note: "%s"}}
        spec:
          hostNetwork: true
          terminationGracePeriodSeconds: 1
          containers:
          - name: main
            image: %s
            args: ["%s"]
            terminationMessagePolicy: FallbackToLogsOnError
        """
            .formatted(namespace, note, image, script));
    Files.move(next, folder.resolve("manifests/pod.yaml"), StandardCopyOption.ATOMIC_MOVE);
  }
}
