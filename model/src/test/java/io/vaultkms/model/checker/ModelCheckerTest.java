package io.vaultkms.model.checker;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaultkms.model.checker.ModelChecker.Result;
import io.vaultkms.model.checker.Plot.Fault;
import io.vaultkms.model.decision.Decision;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The invariants of the state machine, held by the real decision in every order in which things can
 * happen on three nodes and with up to four keys.
 */
class ModelCheckerTest {
  @ParameterizedTest(name = "{0}")
  @MethodSource("plots")
  void everyOrderIsSafeAndEndsSettled(Plot plot) {
    Result result = ModelChecker.explore(plot, Decision::next);

    System.out.println(result);
    assertThat(result.violation()).isEmpty();
  }

  @Test
  void theDeepestPlotReachesFourKeys() {
    Plot plot = Plot.of("four keys", Wish.A, Wish.B, Wish.PLAIN).changes(4);

    assertThat(ModelChecker.explore(plot, Decision::next).keys()).isEqualTo(Scene.MOST_KEYS);
  }

  static Stream<Plot> plots() {
    return Stream.of(
        Plot.of("every mode", Wish.values()).changes(3),
        Plot.of("four keys, any fault", Wish.A, Wish.B, Wish.PLAIN)
            .changes(4)
            .faults(1, Fault.values()),
        Plot.of("changes in place", Wish.A, Wish.A_MENDED, Wish.B).changes(3).deployers(2),
        Plot.of("nodes and plugins fail", Wish.A, Wish.PLAIN)
            .changes(2)
            .faults(3, Fault.NODE_FAILS, Fault.REPORT_IS_LATE, Fault.PLUGIN_FAILS)
            .deployers(2),
        Plot.of("nodes come and go", Wish.A, Wish.B)
            .changes(2)
            .faults(2, Fault.NODE_LEAVES, Fault.NODE_FAILS)
            .lateNodes(1)
            .deployers(2),
        Plot.of("credentials are revoked", Wish.A, Wish.A_MENDED, Wish.B)
            .changes(2)
            .faults(2, Fault.CREDENTIALS_REVOKED, Fault.PLUGIN_FAILS, Fault.NODE_FAILS),
        Plot.of("older keys get new contents", Wish.A, Wish.B, Wish.B_MENDED, Wish.PLAIN)
            .changes(3)
            .faults(1, Fault.CREDENTIALS_REVOKED, Fault.CREDENTIALS_LACK_A),
        Plot.of("older keys are refused", Wish.A, Wish.B_MENDED)
            .changes(2)
            .faults(2, Fault.CREDENTIALS_REVOKED, Fault.CREDENTIALS_LACK_A, Fault.PLUGIN_FAILS),
        Plot.of("renewed by two at once", Wish.A, Wish.B_MENDED)
            .changes(2)
            .faults(1, Fault.CREDENTIALS_REVOKED, Fault.KEY_SECRET_DELETED)
            .deployers(2),
        Plot.of("key Secrets are deleted", Wish.A, Wish.A_MENDED, Wish.B, Wish.PLAIN)
            .changes(2)
            .faults(1, Fault.KEY_SECRET_DELETED, Fault.NODE_FAILS)
            .deployers(2),
        Plot.of("two key Secrets are deleted", Wish.A, Wish.A_MENDED, Wish.B, Wish.PLAIN)
            .changes(2)
            .faults(2, Fault.KEY_SECRET_DELETED),
        Plot.of("a stalled key is withdrawn", Wish.A, Wish.B, Wish.PLAIN)
            .changes(3)
            .faults(1, Fault.CREDENTIALS_REVOKED, Fault.NODE_FAILS)
            .withClock(),
        Plot.of("withdrawn by two at once", Wish.A, Wish.PLAIN)
            .changes(3)
            .faults(1, Fault.PLUGIN_FAILS, Fault.KEY_SECRET_DELETED)
            .withClock()
            .deployers(2),
        Plot.of("key and bundle are deleted", Wish.A, Wish.A_MENDED, Wish.PLAIN)
            .changes(2)
            .faults(2, Fault.KEY_SECRET_DELETED, Fault.BUNDLE_DELETED),
        Plot.of("bundles are deleted", Wish.A, Wish.B, Wish.PLAIN)
            .changes(2)
            .faults(2, Fault.BUNDLE_DELETED, Fault.NODE_FAILS)
            .deployers(2),
        Plot.of("the remote key is rotated", Wish.A, Wish.B)
            .changes(2)
            .rotations(2)
            .faults(1, Fault.PLUGIN_FAILS));
  }
}
