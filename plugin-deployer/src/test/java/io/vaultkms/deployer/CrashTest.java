package io.vaultkms.deployer;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaultkms.deployer.agent.MortalAgent;
import io.vaultkms.lab.apiserver.RequestInfo;
import io.vaultkms.model.event.KeyCreated;
import io.vaultkms.model.event.RevisionConverged;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

/**
 * The deployer and a node's agent as processes that are killed after every single write: on the
 * cluster when it is stored and the writer has not heard of it yet, on the host after each step. No
 * life makes more than one write. That takes some forty starts of a JVM, so that it is left out
 * unless the variable {@code CRASH_PROCESSES} is set; {@code EveryWriteTest} does the same with
 * every build, in one process. {@code CRASH_WHOLE_ROAD} adds the way to a second key and back to
 * plaintext.
 */
@EnabledIfEnvironmentVariable(
    named = "CRASH_PROCESSES",
    matches = ".+",
    disabledReason = "starts some forty JVMs; to run it set CRASH_PROCESSES=1")
class CrashTest {
  private final Map<String, Path> diaries = new LinkedHashMap<>();
  private final List<Mortality> mortals = new ArrayList<>();

  @Test
  void whoDiesAfterEachWriteGetsThere(@TempDir Path folder) throws IOException {
    try (LabDeployer lab = LabDeployer.startWithoutAgents(folder, 2)) {
      Road road = Road.begin(lab);
      mortals.add(
          Mortality.of(lab.deployer().process(), lab.controlPlane(), by("plugin-deployer")));
      startMortalAgent(lab, folder, "node-1");
      lab.startAgent("node-2");
      try {
        road.toTheFirstKey();
        if (System.getenv("CRASH_WHOLE_ROAD") != null) {
          road.toTheSecondKey();
          road.toPlaintext();
        }
        spareAll();
        lab.awaitReady();
      } finally {
        mortals.forEach(Mortality::close);
        tell(road);
      }
      assertThat(mortals).allMatch(mortal -> mortal.deaths().size() >= 6);
      for (Path diary : diaries.values()) {
        assertThat(MortalAgent.deaths(diary)).hasSizeGreaterThanOrEqualTo(16);
      }
      assertThatTheStoryIsWhole(lab);
    }
  }

  private void startMortalAgent(LabDeployer lab, Path folder, String node) {
    Path diary = folder.resolve("deaths-" + node);
    diaries.put(node, diary);
    var agent =
        lab.startAgent(
            node, MortalAgent.class.getName(), Map.of(MortalAgent.DIARY, diary.toString()));
    Predicate<RequestInfo> own = by("node-agent").and(request -> request.name().equals(node));
    mortals.add(Mortality.of(agent.process(), lab.controlPlane(), own));
  }

  private static Predicate<RequestInfo> by(String account) {
    return request -> request.user().name().endsWith(":" + account);
  }

  private void spareAll() throws IOException {
    mortals.forEach(Mortality::spare);
    for (Path diary : diaries.values()) {
      MortalAgent.spare(diary);
    }
  }

  private void tell(Road road) throws IOException {
    for (Mortality mortal : mortals) {
      System.out.printf(
          "%s was killed after each of %d writes to the cluster%n",
          mortal.name(), mortal.deaths().size());
      mortal.deaths().forEach(death -> System.out.println("  " + death));
    }
    for (Map.Entry<String, Path> diary : diaries.entrySet()) {
      List<String> deaths = MortalAgent.deaths(diary.getValue());
      System.out.printf(
          "agent-%s was killed after each of %d steps on its host%n",
          diary.getKey(), deaths.size());
      deaths.forEach(death -> System.out.println("  " + death));
    }
    System.out.printf("%d configurations were taken%n", road.configurationsTaken());
  }

  private static void assertThatTheStoryIsWhole(LabDeployer lab) {
    assertThat(lab.told(KeyCreated.class).stream().map(KeyCreated::keyId).distinct().findFirst())
        .contains(1L);
    assertThat(
            lab.told(RevisionConverged.class).stream()
                .map(told -> told.purpose() + " " + told.keyId())
                .distinct())
        .startsWith("READ_KEY 1", "WRITE_KEY 1");
  }
}
