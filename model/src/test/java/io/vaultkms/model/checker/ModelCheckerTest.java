package io.vaultkms.model.checker;

import io.vaultkms.model.checker.Plot.Fault;
import io.vaultkms.model.decision.Decision;
import org.junit.jupiter.api.Test;

class ModelCheckerTest {
  @Test
  void first() {
    Wish[] all = Wish.values();
    run(
        Plot.of("nodes", Wish.A, Wish.B, Wish.PLAIN)
            .changes(2)
            .faults(1, Fault.NODE_FAILS)
            .deployers(2));
    run(
        Plot.of("late", Wish.A, Wish.B, Wish.PLAIN)
            .changes(2)
            .faults(1, Fault.REPORT_IS_LATE)
            .deployers(2));
    run(
        Plot.of("plugins", Wish.A, Wish.B, Wish.PLAIN)
            .changes(2)
            .faults(1, Fault.PLUGIN_FAILS)
            .deployers(2));
    run(
        Plot.of("leaves", Wish.A, Wish.B, Wish.PLAIN)
            .changes(2)
            .faults(1, Fault.NODE_LEAVES)
            .deployers(2));
    run(
        Plot.of("revoked", Wish.A, Wish.A_MENDED, Wish.B, Wish.PLAIN)
            .changes(2)
            .faults(1, Fault.CREDENTIALS_REVOKED)
            .deployers(2));
    run(
        Plot.of("deleted", Wish.A, Wish.A_MENDED, Wish.B, Wish.PLAIN)
            .changes(2)
            .faults(1, Fault.KEY_SECRET_DELETED)
            .deployers(2));
    run(
        Plot.of("rotations", Wish.A, Wish.A_MENDED, Wish.B, Wish.PLAIN)
            .changes(2)
            .rotations(2)
            .deployers(2));
    run(
        Plot.of("joins", Wish.A, Wish.A_MENDED, Wish.B, Wish.PLAIN)
            .changes(2)
            .lateNodes(1)
            .deployers(2));
    run(Plot.of("all wishes", all).changes(3).deployers(2));
    run(
        Plot.of("all, 2 faults", all)
            .changes(2)
            .faults(2, Fault.values())
            .rotations(1)
            .deployers(2)
            .lateNodes(1));
  }

  private static void run(Plot plot) {
    ModelChecker.Result result = ModelChecker.explore(plot, Decision::next);
    System.out.println(result);
    result.violation().ifPresent(System.out::println);
  }
}
