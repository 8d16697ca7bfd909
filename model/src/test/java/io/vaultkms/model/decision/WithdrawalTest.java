package io.vaultkms.model.decision;

import static io.vaultkms.model.decision.Config.A;
import static io.vaultkms.model.decision.Config.A_IMAGE;
import static io.vaultkms.model.decision.Config.B_ADDRESS;
import static io.vaultkms.model.decision.Config.B_KEY_PATH;
import static io.vaultkms.model.decision.Config.PLAIN;
import static io.vaultkms.model.decision.World.plain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** When a key on its way may turn round, and what becomes of a rollout that nobody moves on. */
class WithdrawalTest {
  private static final Duration STALLED = Duration.ofMinutes(10);
  private static final Duration NOT_YET = STALLED.minusSeconds(1);

  @ParameterizedTest(name = "{0}")
  @MethodSource({"stalls", "withdraws", "afterwards"})
  void says(String sentence, World world, String step) {
    assertThat(StepWords.of(Decision.next(world.seen()))).isEqualTo(step);
  }

  static Stream<Arguments> stalls() {
    return Stream.of(
        arguments(
            "a rollout that is waited for is waited for",
            readKey(A).wants(A).rolledOut(NOT_YET),
            "await CONVERGENCE: node-2"),
        arguments(
            "one without progress for ten minutes is told",
            readKey(A).wants(A).rolledOut(STALLED),
            "blocked: ROLLOUT_STALLED"),
        arguments(
            "a node that arrived meanwhile is progress",
            readKey(A).wants(A).rolledOut(STALLED).convergedFor(NOT_YET, "node-3"),
            "await CONVERGENCE: node-2"),
        arguments(
            "a node that lost what it had counts from then",
            plain()
                .wants(A)
                .migrated(1, A)
                .bundle("1*")
                .rolledOut(Duration.ofDays(9))
                .waitingFor(NOT_YET, "the plugin of key 1 does not answer", "node-2"),
            "await CONVERGENCE: node-2"),
        arguments(
            "and is told when it lasts",
            plain()
                .wants(A)
                .migrated(1, A)
                .bundle("1*")
                .rolledOut(Duration.ofDays(9))
                .waitingFor(STALLED, "the plugin of key 1 does not answer", "node-2"),
            "blocked: ROLLOUT_STALLED"),
        arguments(
            "a node that fell silent counts from its last report",
            plain()
                .wants(A)
                .migrated(1, A)
                .bundle("1*")
                .rolledOut(Duration.ofDays(9))
                .silentFor(NOT_YET, "node-2"),
            "await CONVERGENCE: node-2"),
        arguments(
            "and is told when it stays so",
            plain()
                .wants(A)
                .migrated(1, A)
                .bundle("1*")
                .rolledOut(Duration.ofDays(9))
                .silentFor(STALLED, "node-2"),
            "blocked: ROLLOUT_STALLED"),
        arguments(
            "a node that is new counts from its birth",
            plain()
                .wants(A)
                .migrated(1, A)
                .bundle("1*")
                .rolledOut(Duration.ofDays(9))
                .newNode("node-4", NOT_YET),
            "await CONVERGENCE: node-4"),
        arguments(
            "and is told when its agent never comes",
            plain()
                .wants(A)
                .migrated(1, A)
                .bundle("1*")
                .rolledOut(Duration.ofDays(9))
                .newNode("node-4", STALLED),
            "blocked: ROLLOUT_STALLED"),
        arguments(
            "when nobody knows when it went out, nobody says that it stalls",
            readKey(A).wants(A),
            "await CONVERGENCE: node-2"),
        arguments(
            "a stalled write key is told, whatever is wanted",
            plain().wants(PLAIN).minted(1, A).bundle("1*").lagging("node-2").rolledOut(STALLED),
            "blocked: ROLLOUT_STALLED"),
        arguments(
            "the fix of its own configuration is let through",
            readKey(A).wants(A_IMAGE).rolledOut(STALLED),
            "preflight A_IMAGE as key 1"));
  }

  static Stream<Arguments> withdraws() {
    return Stream.of(
        arguments(
            "a change of mind is no reason while the key moves",
            readKey(A).wants(PLAIN).rolledOut(NOT_YET),
            "await CONVERGENCE: node-2"),
        arguments(
            "nor when it has arrived",
            plain().wants(PLAIN).minted(1, A).bundle("1").rolledOut(STALLED),
            "roll out WRITE_KEY 1: 1*"),
        arguments(
            "a stalled read key that is not wanted is withdrawn: back to plaintext",
            readKey(A).wants(PLAIN).rolledOut(STALLED),
            "withdraw key 1"),
        arguments(
            "back to the key before it",
            secondReadKey().wants(A).rolledOut(STALLED),
            "withdraw key 2"),
        arguments(
            "for a third one",
            secondReadKey().wants(B_KEY_PATH).rolledOut(STALLED),
            "withdraw key 2"),
        arguments(
            "a document that breaks rules asks for nothing",
            readKey(A).wantsNonsense().rolledOut(STALLED),
            "blocked: ROLLOUT_STALLED"),
        arguments(
            "a document that is gone neither",
            readKey(A).wantsNothingAtAll().rolledOut(STALLED),
            "blocked: ROLLOUT_STALLED"),
        arguments(
            "nor one whose references are not there",
            readKey(A).wantsWithoutItsSecret(B_ADDRESS).rolledOut(STALLED),
            "blocked: ROLLOUT_STALLED"),
        arguments(
            "who may not read the contents sees it too",
            readKey(A).wantsUnread(B_ADDRESS).rolledOut(STALLED),
            "withdraw key 1"),
        arguments(
            "a key that writes one resource already has written",
            plain()
                .wants(PLAIN)
                .minted(1, A)
                .bundleBut("1", "secrets", "1*")
                .lagging("node-2")
                .rolledOut(STALLED),
            "blocked: ROLLOUT_STALLED"));
  }

  static Stream<Arguments> afterwards() {
    return Stream.of(
        arguments(
            "the bundle without it goes out over the one that has not converged",
            secondReadKey().wants(A).withdrawn(2).rolledOut(STALLED),
            "roll out WITHDRAW 2: 1*"),
        arguments(
            "also when all have converged after all",
            plain().wants(A).migrated(1, A).minted(2, B_ADDRESS).bundle("2 1*").withdrawn(2),
            "roll out WITHDRAW 2: 1*"),
        arguments(
            "the key before it is the newest again",
            plain().wants(A).migrated(1, A).bundle("1*").minted(2, B_ADDRESS).withdrawn(2),
            "settled: KMS 1"),
        arguments(
            "and is mended in place again",
            plain().wants(A_IMAGE).migrated(1, A).bundle("1*").minted(2, B_ADDRESS).withdrawn(2),
            "preflight A_IMAGE as key 1"),
        arguments(
            "a withdrawn number is never given away again",
            plain().wants(B_ADDRESS).migrated(1, A).bundle("1*").minted(2, B_ADDRESS).withdrawn(2),
            "preflight B_ADDRESS as key 3"),
        arguments(
            "not even when its Secret is deleted by hand",
            plain().wants(B_ADDRESS).migrated(1, A).bundle("1*").highestKey(2),
            "preflight B_ADDRESS as key 3"),
        arguments(
            "without any key before it, plaintext is as it was",
            plain().minted(1, A).withdrawn(1).bundle(""),
            "settled: identity -"),
        arguments(
            "a mark that came too late, when the key wrote already, says nothing",
            plain().wants(PLAIN).minted(1, A).bundle("1*").withdrawn(1),
            "migrate configmaps,secrets to key 1: NEW_KEY"),
        arguments(
            "not even when a newer key writes in its stead and data is still under it",
            plain()
                .wants(B_ADDRESS)
                .migrated(1, A)
                .minted(2, B_ADDRESS)
                .bundle("2* 1")
                .withdrawn(1),
            "migrate configmaps,secrets to key 2: NEW_KEY"),
        arguments(
            "a withdrawn key is never pruned",
            plain().wants(A).migrated(1, A).bundle("1*").minted(2, B_ADDRESS).withdrawn(2),
            "settled: KMS 1"));
  }

  private static World readKey(Config config) {
    return plain().minted(1, config).bundle("1").lagging("node-2");
  }

  private static World secondReadKey() {
    return plain().migrated(1, A).minted(2, B_ADDRESS).bundle("2 1*").lagging("node-2");
  }
}
