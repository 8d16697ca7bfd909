package io.vaultkms.model.decision;

import static io.vaultkms.model.decision.Config.A;
import static io.vaultkms.model.decision.Config.AESCBC;
import static io.vaultkms.model.decision.Config.B_ADDRESS;
import static io.vaultkms.model.decision.Config.B_KEY_PATH;
import static io.vaultkms.model.decision.Config.PLAIN;
import static io.vaultkms.model.decision.World.plain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is taken over from others, what is put back when somebody deleted it, and what is not. */
class LossesTest {
  @ParameterizedTest(name = "{0}")
  @MethodSource({"foreign", "lost", "restored"})
  void says(String sentence, World world, String step) {
    assertThat(StepWords.of(Decision.next(world.seen()))).isEqualTo(step);
  }

  static Stream<Arguments> foreign() {
    return Stream.of(
        arguments(
            "a KMS key that others wrote is taken over first",
            plain().wants(A).migrated(1, A).bundle("1*").foreign(1).withoutBundle().foreignBundle(),
            "adopt KEY 1"),
        arguments(
            "then the bundle",
            plain().wants(A).migrated(1, A).bundle("1*").withoutBundle().foreignBundle(),
            "adopt BUNDLE 0"),
        arguments(
            "a local key has nothing that could not be seen",
            plain().wants(AESCBC).migrated(1, AESCBC).foreign(1).bundle("1*"),
            "settled: aescbc 1"),
        arguments(
            "a bundle that others wrote is no lost bundle, even where no key is",
            plain().wants(PLAIN).foreignBundle(),
            "adopt BUNDLE 0"),
        arguments(
            "a bundle that cannot be taken over needs a person",
            plain().wants(A).foreignBundle().refused("unknown provider"),
            "blocked: NOT_TAKEN_OVER"),
        arguments(
            "so does a key that cannot",
            plain().wants(A).migrated(1, A).bundle("1*").foreign(1).refused("unknown provider"),
            "blocked: NOT_TAKEN_OVER"),
        arguments(
            "a refusal on what is not foreign any more is an old one",
            plain().wants(A).migrated(1, A).bundle("1*").refused("unknown provider"),
            "settled: KMS 1"));
  }

  static Stream<Arguments> lost() {
    return Stream.of(
        arguments(
            "who does not know of a copy tells that the bundle is gone",
            plain().wants(A).migrated(1, A).bundle("1*").withoutBundle(),
            "blocked: BUNDLE_MISSING"),
        arguments(
            "who does puts it back",
            plain().wants(A).migrated(1, A).bundle("1*").withoutBundle().newestCopy(7),
            "restore BUNDLE 7"),
        arguments(
            "also when no node has ever said that it had it",
            plain().wants(A).minted(1, A).newestCopy(1),
            "restore BUNDLE 1"),
        arguments(
            "the bundle goes before a key that is lost with it",
            plain()
                .wants(A)
                .migrated(1, A)
                .bundle("1*")
                .withoutBundle()
                .newestCopy(7)
                .withoutKeySecret(1),
            "restore BUNDLE 7"),
        arguments(
            "a key that the bundle holds is made anew",
            plain().wants(A).migrated(1, A).bundle("1*").withoutKeySecret(1).bundleHolds(1L),
            "restore KEY 1"),
        arguments(
            "a key that it does not hold needs a person",
            plain().wants(A).migrated(1, A).bundle("1*").withoutKeySecret(1).bundleHolds(),
            "blocked: KEY_MISSING"),
        arguments(
            "a key is made anew also while a rollout is on its way",
            plain()
                .wants(A)
                .minted(1, A)
                .bundle("1")
                .lagging("node-1")
                .withoutKeySecret(1)
                .bundleHolds(1L),
            "restore KEY 1"),
        arguments(
            "the copy of the newest bundle is made anew",
            plain().wants(A).migrated(1, A).bundle("1*").copyLost(),
            "restore COPY 1"));
  }

  static Stream<Arguments> restored() {
    return Stream.of(
        arguments(
            "data is migrated once more to a write key that was lost",
            plain().wants(A).restored(1, A).bundle("1*"),
            "migrate configmaps,secrets to key 1: NEW_KEY"),
        arguments(
            "a key for backups that was lost stays",
            plain().wants(B_ADDRESS).restored(1, A).migrated(2, B_ADDRESS).bundle("2* 1"),
            "settled: KMS 2"),
        arguments(
            "instead of an older one that is known to be migrated, since it came after that",
            plain()
                .wants(B_KEY_PATH)
                .migrated(1, A)
                .restored(2, B_ADDRESS)
                .migrated(3, B_KEY_PATH)
                .bundle("3* 2 1"),
            "roll out RETIRE 3: 3* 2"),
        arguments(
            "but not when a newer one is known to be",
            plain()
                .wants(B_KEY_PATH)
                .restored(1, A)
                .migrated(2, B_ADDRESS)
                .migrated(3, B_KEY_PATH)
                .bundle("3* 2 1"),
            "roll out RETIRE 3: 3* 2"));
  }
}
