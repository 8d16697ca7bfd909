package io.vaultkms.model.checker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.vaultkms.model.checker.ModelChecker.Result;
import io.vaultkms.model.checker.ModelChecker.Story;
import io.vaultkms.model.checker.Plot.Fault;
import io.vaultkms.model.checker.Plot.Habits;
import io.vaultkms.model.decision.Decision;
import io.vaultkms.model.decision.Observation;
import io.vaultkms.model.decision.Step;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A checker that finds nothing proves nothing: each mistake made on purpose is found and told. */
class SabotageTest {
  @ParameterizedTest(name = "{0}")
  @MethodSource("decisions")
  void aWrongDecisionIsCaught(Sabotage sabotage, Plot plot, String invariant) {
    caught(sabotage.name(), plot, sabotage::next, invariant);
  }

  static Stream<Arguments> decisions() {
    Plot on = Plot.of("on", Wish.A);
    Plot off = Plot.of("off again", Wish.A, Wish.PLAIN).changes(2).withClock();
    Plot move = Plot.of("move", Wish.A, Wish.B).changes(2);
    Plot renew = Plot.of("renew", Wish.A, Wish.B_MENDED).changes(2);
    return Stream.of(
        arguments(Sabotage.WRITES_BEFORE_ALL_CAN_READ, on, "1, readers before writers"),
        arguments(Sabotage.PROMOTES_BEFORE_CONVERGED, on, "3, one bundle at a time"),
        arguments(Sabotage.ROLLS_OUT_TWO_AT_ONCE, on, "3, one bundle at a time"),
        arguments(Sabotage.MIGRATES_BEFORE_CONVERGED, on, "a migration that is done is done"),
        arguments(Sabotage.RETIRES_BEFORE_MIGRATED, move, "2, no key leaves before its data"),
        arguments(Sabotage.REUSES_A_KEY_NUMBER, move, "4, a number is one key for ever"),
        arguments(Sabotage.MINTS_WHAT_NO_NODE_HAS_TRIED, on, "no actor does what none may do"),
        arguments(
            Sabotage.MENDS_NOTHING_BEFORE_CONVERGED,
            Plot.of("mend", Wish.A, Wish.A_MENDED).changes(2).faults(1, Fault.CREDENTIALS_REVOKED),
            "5, everything ends settled"),
        arguments(
            Sabotage.LETS_OLDER_KEYS_KEEP_WHAT_THEY_HAD,
            renew.faults(1, Fault.CREDENTIALS_REVOKED),
            "5, everything ends settled"),
        arguments(
            Sabotage.WAITS_FOR_A_KEY_THAT_IS_REFUSED,
            renew.faults(1, Fault.CREDENTIALS_LACK_A),
            "5, everything ends settled"),
        arguments(
            Sabotage.FORGETS_WHAT_WAS_REFUSED,
            renew.faults(1, Fault.CREDENTIALS_LACK_A),
            "5, everything ends settled"),
        arguments(Sabotage.RENEWS_WITH_ANOTHER_VERDICT, renew, "no actor does what none may do"),
        arguments(
            Sabotage.FORGETS_A_LOST_BUNDLE,
            move.faults(1, Fault.BUNDLE_DELETED),
            "a migration that is done is done"),
        arguments(Sabotage.WITHDRAWS_A_WRITE_KEY, off, "1, readers before writers"),
        arguments(
            Sabotage.FORGETS_THAT_A_KEY_IS_WITHDRAWN,
            off.faults(1, Fault.CREDENTIALS_REVOKED),
            "5, everything ends settled"),
        arguments(
            Sabotage.PROMOTES_WHAT_HAS_STALLED,
            on.withClock().faults(1, Fault.PLUGIN_FAILS),
            "3, one bundle at a time"),
        arguments(
            Sabotage.BELIEVES_A_LATE_WITHDRAWAL,
            off.changes(3).deployers(2),
            "2, no key leaves before its data"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void aRightDecisionCarriedOutWronglyIsCaught(String mistake, Plot plot, String invariant) {
    caught(mistake, plot, Decision::next, invariant);
  }

  static Stream<Arguments> aRightDecisionCarriedOutWronglyIsCaught() {
    return Stream.of(
        arguments(
            "ignores writes in flight",
            Plot.of("on", Wish.A).habits(new Habits(true, false, true)),
            "a migration that is done is done"),
        arguments(
            "acts on an old view",
            Plot.of("on, two deployers", Wish.A).deployers(2).habits(new Habits(false, true, true)),
            "a migration that is done is done"),
        arguments(
            "claims for a key made anew that everything is migrated",
            Plot.of("on", Wish.A)
                .faults(1, Fault.KEY_SECRET_DELETED)
                .habits(new Habits(true, true, false)),
            "a migration that is done is done"));
  }

  private static void caught(
      String mistake, Plot plot, Function<Observation, Step> decision, String invariant) {
    Result result = ModelChecker.explore(plot, decision);

    assertThat(result.violation()).isPresent();
    Story story = result.violation().get();
    System.out.printf(
        "sabotage %s: caught after %,d states, told in %d sentences; it violates %s: %s%n",
        mistake,
        result.states(),
        story.sentences().size(),
        story.broken().invariant(),
        story.broken().how());
    assertThat(story.broken().invariant()).isEqualTo(invariant);
    assertThat(story.sentences()).isNotEmpty().noneMatch(String::isEmpty);
  }
}
