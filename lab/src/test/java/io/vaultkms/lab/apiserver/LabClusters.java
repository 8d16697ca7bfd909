package io.vaultkms.lab.apiserver;

import io.vaultkms.lab.apiserver.envelope.KmsTiming;
import io.vaultkms.lab.cluster.TestTls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

/** Control planes of stand-ins for tests: two nodes, quick to look at files and plugins. */
final class LabClusters {
  private static final Duration POLL = Duration.ofMillis(100);

  private LabClusters() {}

  static LabControlPlane start(Path directory) {
    return start(directory, UnaryOperator.identity());
  }

  static LabControlPlane start(Path directory, UnaryOperator<LabApiServerOptions> more) {
    KmsTiming timing = new KmsTiming(POLL, POLL, POLL, Duration.ofMinutes(3));
    return LabControlPlane.start(
        new LabControlPlaneOptions(
                List.of("n1", "n2"),
                node -> directory.resolve(node).resolve("encryption.json"),
                TestTls.create())
            .withServer(
                server ->
                    more.apply(
                        server
                            .withTiming(timing)
                            .withBookmarks(Duration.ofMillis(200))
                            .withAdmission(new ConfigurationRules()))));
  }
}
