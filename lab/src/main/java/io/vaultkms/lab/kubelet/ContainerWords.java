package io.vaultkms.lab.kubelet;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;

/** What a container is doing, in the words in which a kubelet tells the cluster. */
final class ContainerWords {
  private ContainerWords() {}

  static ContainerStatus of(PodStatus status) {
    boolean running = status.state() == PodStatus.State.RUNNING;
    ContainerStatusBuilder words =
        new ContainerStatusBuilder()
            .withName(status.container())
            .withImage(status.image())
            .withImageID("")
            .withReady(running)
            .withStarted(running)
            .withRestartCount(status.restarts())
            .withState(state(status));
    if (status.lastExit().isPresent()) {
      words.withLastState(ended(status));
    }
    return words.build();
  }

  private static ContainerState state(PodStatus status) {
    return switch (status.state()) {
      case RUNNING, TERMINATING ->
          new ContainerStateBuilder().withNewRunning().endRunning().build();
      case CONTAINER_CREATING -> waiting("ContainerCreating", "");
      case IMAGE_PULL_BACK_OFF ->
          waiting(
              "ImagePullBackOff",
              "Back-off pulling image \"%s\": ErrImagePull: %s"
                  .formatted(status.image(), status.reason()));
      case CRASH_LOOP_BACK_OFF ->
          waiting(
              "CrashLoopBackOff",
              "back-off restarting failed container=%s pod=%s"
                  .formatted(status.container(), status.name()));
    };
  }

  private static ContainerState waiting(String reason, String message) {
    return new ContainerStateBuilder()
        .withNewWaiting()
        .withReason(reason)
        .withMessage(message.isEmpty() ? null : message)
        .endWaiting()
        .build();
  }

  private static ContainerState ended(PodStatus status) {
    int exit = status.lastExit().getAsInt();
    return new ContainerStateBuilder()
        .withNewTerminated()
        .withExitCode(exit)
        .withReason(exit == 0 ? "Completed" : "Error")
        .withMessage(status.lastWords().isEmpty() ? null : status.lastWords())
        .endTerminated()
        .build();
  }
}
