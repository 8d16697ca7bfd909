package io.vaultkms.model.decision;

import static io.vaultkms.model.decision.Config.A;
import static io.vaultkms.model.decision.Config.A_IMAGE;
import static io.vaultkms.model.decision.Config.B_ADDRESS;
import static io.vaultkms.model.decision.World.plain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a rotation of the remote key in Vault leads to: no new key, no revision, a migration. */
class RotationTest {
  private static final Duration LONG = Duration.ofMinutes(3);
  private static final Duration SHORT = LONG.minusSeconds(1);
  private static final String MIGRATE = "migrate configmaps,secrets to key 1: REMOTE_ROTATION";

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void says(String sentence, World world, String step) {
    assertThat(StepWords.of(Decision.next(world.seen()))).isEqualTo(step);
  }

  static Stream<Arguments> says() {
    return Stream.of(
        arguments(
            "one node reports another remote key id",
            settled().remote("v2", LONG, "node-2"),
            "await REMOTE_ROTATION: node-1,node-3"),
        arguments(
            "all report it, one not for three minutes yet",
            rotated().remote("v2", SHORT, "node-1"),
            "await REMOTE_ROTATION: node-1"),
        arguments("all report it for exactly three minutes", rotated(), MIGRATE),
        arguments(
            "one still reports the old one for an hour",
            rotated().remote("v1", Duration.ofHours(1), "node-3"),
            "await REMOTE_ROTATION: node-3"),
        arguments(
            "one reports a third, and is the newest",
            rotated().remote("v3", SHORT, "node-3"),
            "await REMOTE_ROTATION: node-1,node-2,node-3"),
        arguments(
            "one plugin does not say",
            rotated().pluginFails("node-2"),
            "await REMOTE_ROTATION: node-2"),
        arguments(
            "silence is not a rotation",
            settled().pluginFails("node-1", "node-2", "node-3"),
            "settled: KMS 1"),
        arguments(
            "a silent node holds it as it holds everything",
            rotated().silentFor(Duration.ofMinutes(3), "node-2"),
            "await CONVERGENCE: node-2"),
        arguments(
            "a key whose remote key id was never noted has not rotated",
            rotated().byOthers(1).wantsUnread(A),
            "settled: KMS 1"),
        arguments(
            "a change in place does not wait for it",
            settled().wants(A_IMAGE).remote("v2", LONG, "node-2"),
            "preflight A_IMAGE as key 1"),
        arguments(
            "data is rewritten for it before a new key is begun",
            rotated().wants(B_ADDRESS),
            MIGRATE),
        arguments(
            "a rotation of an older key that only reads is none",
            plain()
                .wants(B_ADDRESS)
                .migrated(1, A)
                .minted(2, B_ADDRESS)
                .bundle("2 1*")
                .remote("v2", LONG, "node-1", "node-2", "node-3"),
            "roll out WRITE_KEY 2: 2* 1"));
  }

  private static World settled() {
    return plain().wants(A).migrated(1, A).bundle("1*");
  }

  private static World rotated() {
    return settled().remote("v2", LONG, "node-1", "node-2", "node-3");
  }
}
