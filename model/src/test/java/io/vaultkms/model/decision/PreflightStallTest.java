package io.vaultkms.model.decision;

import static io.vaultkms.model.decision.Config.A;
import static io.vaultkms.model.decision.Config.A_IMAGE;
import static io.vaultkms.model.decision.Config.B_ADDRESS;
import static io.vaultkms.model.decision.Config.PLAIN;
import static io.vaultkms.model.decision.World.plain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What becomes of a preflight that not every node answers. */
class PreflightStallTest {
  private static final Duration STALLED = Duration.ofMinutes(10);
  private static final Duration NOT_YET = STALLED.minusSeconds(1);
  private static final Duration LONG = Duration.ofDays(9);

  @ParameterizedTest(name = "{0}")
  @MethodSource({"nodes", "others"})
  void says(String sentence, World world, String step) {
    assertThat(StepWords.of(Decision.next(world.seen()))).isEqualTo(step);
  }

  static Stream<Arguments> nodes() {
    return Stream.of(
        arguments(
            "a node that has no verdict is waited for",
            asked(NOT_YET).passed("r1", NOT_YET, "node-1", "node-3"),
            "await PREFLIGHT: node-2"),
        arguments(
            "and told after ten minutes",
            asked(STALLED).passed("r1", STALLED, "node-1", "node-3"),
            "blocked: PREFLIGHT_STALLED"),
        arguments(
            "a verdict that came meanwhile is progress",
            asked(LONG).passed("r1", NOT_YET, "node-3"),
            "await PREFLIGHT: node-1,node-2"),
        arguments(
            "one for an earlier request is none",
            asked(STALLED).passed("r0", NOT_YET, "node-3"),
            "blocked: PREFLIGHT_STALLED"),
        arguments(
            "a node that fell silent counts from its last report",
            asked(LONG).passed("r1", LONG, "node-1", "node-3").silentFor(NOT_YET, "node-2"),
            "await PREFLIGHT: node-2"),
        arguments(
            "and is told when it stays so",
            asked(LONG).passed("r1", LONG, "node-1", "node-3").silentFor(STALLED, "node-2"),
            "blocked: PREFLIGHT_STALLED"),
        arguments(
            "a node that is new counts from its birth",
            asked(LONG).passed("r1", LONG, ALL).newNode("node-4", NOT_YET),
            "await PREFLIGHT: node-4"),
        arguments(
            "and is told when its agent never comes",
            asked(LONG).passed("r1", LONG, ALL).newNode("node-4", STALLED),
            "blocked: PREFLIGHT_STALLED"));
  }

  static Stream<Arguments> others() {
    return Stream.of(
        arguments(
            "the last verdict ends the stall",
            asked(LONG).allPassed("r1"),
            "mint key 1 KMS: first-key"),
        arguments(
            "a no is told as such, however long another node is silent",
            asked(STALLED).failed("r1", "node-1", "sealed"),
            "blocked: PREFLIGHT_FAILED"),
        arguments(
            "whoever may not read the credentials sees the same",
            plain().wantsUnread(A).asked("r1", 1, A).askedFor(STALLED),
            "blocked: PREFLIGHT_STALLED"),
        arguments(
            "when nobody knows when it was asked for, nobody says that it stalls",
            asked(LONG).askedAtSomeTime(),
            "await PREFLIGHT: node-1,node-2,node-3"),
        arguments(
            "another wish is asked for anew, from then on",
            asked(LONG).wants(B_ADDRESS),
            "preflight B_ADDRESS as key 1"),
        arguments(
            "a stall holds up nothing that is on its way",
            plain()
                .minted(1, A)
                .bundle("1")
                .wants(A_IMAGE)
                .asked("r1", 1, A_IMAGE)
                .askedFor(STALLED),
            "roll out WRITE_KEY 1: 1*"),
        arguments(
            "where nothing is wanted any more, nothing stalls",
            asked(LONG).wants(PLAIN),
            "settled: identity -"));
  }

  @Test
  void namesWhoIsWaitedForAndSinceWhen() {
    World world =
        asked(Duration.ofMinutes(12))
            .passed("r1", Duration.ofMinutes(11), "node-1")
            .silentFor(Duration.ofMinutes(30), "node-2");

    assertThat(Decision.next(world.seen()))
        .isEqualTo(
            new Step.Blocked(
                Step.Obstacle.PREFLIGHT_STALLED,
                "the preflight for key 1 has made no progress since 2026-03-01T11:49:00Z:"
                    + " node-2: has not reported for 1800 s; node-3: has no verdict yet"));
  }

  private static final String[] ALL = {"node-1", "node-2", "node-3"};

  private static World asked(Duration ago) {
    return plain().wants(A).asked("r1", 1, A).askedFor(ago);
  }
}
