package io.vaultkms.deployer;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaultkms.lab.apiserver.RequestInfo;
import io.vaultkms.model.event.KeyCreated;
import io.vaultkms.model.event.RevisionConverged;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Deployer and agent each die after every single write they make: no life of theirs makes more than
 * one. The road is walked to its end all the same, and nothing is lost on it.
 */
class CrashTest {
  @Test
  void aDeployerThatDiesAfterEachOfItsWritesGetsThere(@TempDir Path folder) {
    try (LabDeployer lab = LabDeployer.startWithoutAgents(folder, 2)) {
      List<String> nodes = lab.world().controlPlane().nodes();
      nodes.forEach(lab::startAgent);
      lab.awaitReady();
      Road road = Road.begin(lab);
      try (Mortality mortality =
          Mortality.of(lab.deployer().process(), lab.controlPlane(), writesOf("plugin-deployer"))) {
        road.toTheFirstKey();
        road.toTheSecondKey();
        road.toPlaintext();
        mortality.spare();
        lab.awaitReady();
        System.out.printf(
            "The deployer was killed after each of its %d writes; %d configurations were taken%n",
            mortality.deaths().size(), road.configurationsTaken());
        mortality.deaths().forEach(death -> System.out.println("  " + death));
        assertThat(mortality.deaths()).hasSizeGreaterThanOrEqualTo(20);
      }
      assertThat(lab.told(KeyCreated.class).stream().map(KeyCreated::keyId).distinct())
          .containsExactly(1L, 2L, 3L);
      assertThat(
              lab.told(RevisionConverged.class).stream()
                  .distinct()
                  .map(told -> told.purpose() + " " + told.keyId()))
          .containsExactly(
              "READ_KEY 1",
              "WRITE_KEY 1",
              "READ_KEY 2",
              "WRITE_KEY 2",
              "READ_KEY 3",
              "WRITE_KEY 3",
              "RETIRE 3");
    }
  }

  private static Predicate<RequestInfo> writesOf(String account) {
    return request -> request.user().name().endsWith(":" + account);
  }
}
