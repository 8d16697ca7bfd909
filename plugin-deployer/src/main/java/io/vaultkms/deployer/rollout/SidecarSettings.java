package io.vaultkms.deployer.rollout;

import io.vaultkms.deployer.contract.ReportInterval;
import io.vaultkms.platform.env.Variables;
import java.time.Duration;
import java.util.Optional;

/**
 * What is put beside an API server in its pod, but for the plugins.
 *
 * @param image this project's own, which runs the reporter; empty when nobody said
 * @param apiServer the pod's own API server, as its reporter reaches it
 * @param poll how often the reporter looks while its API server has not taken the bundle
 * @param probe how often it looks, and reports, when nothing is under way
 */
public record SidecarSettings(
    Optional<String> image, String apiServer, Duration poll, Duration probe) {
  public static SidecarSettings read(Variables variables) {
    return new SidecarSettings(
        variables.optional(
            "REPORTER_IMAGE",
            "this project's image, beside each API server of a Deployment; needed for those only"),
        ReporterVariables.apiServer(
            variables,
            "REPORTER_API_SERVER_URL",
            "a Deployment's API server as seen from within its own pod"),
        variables.duration(
            "REPORTER_POLL_INTERVAL",
            Duration.ofSeconds(2),
            "how often a pod's reporter looks while something is under way"),
        ReportInterval.read(
            variables,
            "REPORTER_PROBE_INTERVAL",
            "how often it probes and reports when nothing is"));
  }

  /**
   * The image of the reporter.
   *
   * @throws IllegalStateException when nobody said which
   */
  String reporterImage() {
    return image.orElseThrow(
        () ->
            new IllegalStateException(
                "REPORTER_IMAGE is not set: it must name this project's image, for the pods of a"
                    + " Deployment"));
  }
}
