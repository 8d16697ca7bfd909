package io.vaultkms.deployer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vaultkms.deployer.agent.MortalAgent;
import io.vaultkms.lab.apiserver.RequestInfo;
import io.vaultkms.lab.world.LabService;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The deployer and both nodes' agents as processes that are killed after every single write: on the
 * cluster when it is stored and the writer has not heard of it yet, in the log when it is there, on
 * the host after each step. No life makes more than one write. That takes some hundred and fifty
 * starts of a JVM, so that every build kills after a few of them only, chosen by a seed; the
 * variable {@code CRASH_PROCESSES} has all of them. {@code EveryWriteTest} does the same with every
 * build, in one process.
 */
class CrashTest {
  private static final String PROCESSES = "CRASH_PROCESSES";
  private static final String SEED = "CRASH_SEED";
  private static final int NODES = 2;

  /** A part of the road; those before it are gone without a death. */
  private enum Leg {
    FIRST_KEY {
      @Override
      void go(Road road) {
        road.toTheFirstKey();
      }
    },
    SECOND_KEY {
      @Override
      void go(Road road) {
        road.toTheSecondKey();
      }
    },
    PLAINTEXT {
      @Override
      void go(Road road) {
        road.toPlaintext();
      }
    };

    abstract void go(Road road);
  }

  private final List<Mortality> mortals = new ArrayList<>();

  @ParameterizedTest(name = "{0}")
  @EnumSource
  void whoDiesAfterEachWriteGetsThere(Leg leg, @TempDir Path folder) {
    String wanted = System.getenv().getOrDefault(PROCESSES, "");
    assumeTrue(
        wanted.equals("1") || wanted.equals(leg.name()),
        "starts some fifty JVMs; to run it set CRASH_PROCESSES=1, or to the name of one leg");
    die(leg, Fate.ALL, folder);
    assertThat(mortals)
        .allSatisfy(mortal -> assertThat(mortal.deaths()).hasSizeGreaterThanOrEqualTo(6));
  }

  @Test
  void whoDiesAfterAFewWritesGetsThere(@TempDir Path folder) {
    long seed = Optional.ofNullable(System.getenv(SEED)).map(Long::parseLong).orElse(1L);
    System.out.printf("%s=%d: another one dies other deaths%n", SEED, seed);
    die(Leg.FIRST_KEY, new Fate(seed, 10), folder);
  }

  private void die(Leg leg, Fate fate, Path folder) {
    Diary deployers = diary(folder, "plugin-deployer", fate);
    try (LabDeployer lab =
        LabDeployer.startWithoutAgents(
            folder, NODES, MortalDeployer.class, deployers.environment())) {
      Road road = Road.begin(lab);
      mortals.add(
          Mortality.of(
              lab.deployer().process(), lab.controlPlane(), by("plugin-deployer"), deployers));
      lab.controlPlane().nodes().forEach(node -> startAgent(lab, folder, node, fate));
      Instant begun = Instant.now();
      try {
        for (int before = 0; before < leg.ordinal(); before++) {
          Leg.values()[before].go(road);
        }
        mortals.forEach(Mortality::doom);
        begun = Instant.now();
        leg.go(road);
        mortals.forEach(Mortality::spare);
        lab.awaitReady();
        System.out.printf(
            "%s: after %d deaths all is settled, %d objects read as before, and at %d changes of"
                + " configuration no API server wrote what another could not read%n",
            leg, deaths(), road.kept(), road.configurationsTaken());
      } finally {
        mortals.forEach(Mortality::close);
        tell(begun);
      }
    }
  }

  private void startAgent(LabDeployer lab, Path folder, String node, Fate fate) {
    Diary diary = diary(folder, "agent-" + node, fate);
    LabService agent = lab.startAgent(node, MortalAgent.class.getName(), diary.environment());
    Predicate<RequestInfo> own = by("node-agent").and(request -> request.name().equals(node));
    mortals.add(Mortality.of(agent.process(), lab.controlPlane(), own, diary));
  }

  private static Diary diary(Path folder, String name, Fate fate) {
    Diary diary = new Diary(folder.resolve("deaths-" + name), fate);
    diary.spare();
    return diary;
  }

  private static Predicate<RequestInfo> by(String account) {
    return request -> request.user().name().endsWith(":" + account);
  }

  private int deaths() {
    return mortals.stream().mapToInt(mortal -> mortal.deaths().size()).sum();
  }

  /** Every death in the order of time: what comes after one is what the next life came to. */
  private void tell(Instant begun) {
    record Line(String who, Death death) {}
    mortals.stream()
        .flatMap(mortal -> mortal.deaths().stream().map(death -> new Line(mortal.name(), death)))
        .sorted(Comparator.comparing((Line line) -> line.death().time()))
        .forEach(
            line ->
                System.out.printf(
                    "%7.1f s  %-15s  killed after: %s%n",
                    Duration.between(begun, line.death().time()).toMillis() / 1000.0,
                    line.who(),
                    line.death().of()));
    mortals.forEach(
        mortal -> System.out.printf("%s died %d times%n", mortal.name(), mortal.deaths().size()));
  }
}
