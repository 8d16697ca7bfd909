package io.vaultkms.lab.kubelet;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a container of a static pod is doing.
 *
 * @param name the pod's name
 * @param container the container's name, often the same
 * @param pid its process while it runs
 * @param restarts how often it was started again after it had ended
 * @param lastExit the exit code of its last end, if it ended before (128 + n for signal n)
 * @param lastWords the end of what it had written when it failed last, where its manifest asks for
 *     that; at most 2048 characters
 * @param reason why it does not run, empty if it does
 */
public record PodStatus(
    String name,
    String container,
    String image,
    State state,
    OptionalLong pid,
    int restarts,
    OptionalInt lastExit,
    String lastWords,
    String reason) {

  /** In the words of {@code kubectl get pods}. */
  public enum State {
    CONTAINER_CREATING("ContainerCreating"),
    RUNNING("Running"),
    CRASH_LOOP_BACK_OFF("CrashLoopBackOff"),
    IMAGE_PULL_BACK_OFF("ImagePullBackOff"),
    TERMINATING("Terminating");

    private final String word;

    State(String word) {
      this.word = word;
    }

    @Override
    public String toString() {
      return word;
    }
  }
}
