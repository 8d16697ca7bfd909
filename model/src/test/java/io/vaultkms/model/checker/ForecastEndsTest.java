package io.vaultkms.model.checker;

import static org.assertj.core.api.Assertions.assertThat;

import io.vaultkms.model.checker.Plot.Fault;
import io.vaultkms.model.decision.Decision;
import io.vaultkms.model.decision.Observation;
import io.vaultkms.model.decision.Step;
import io.vaultkms.model.decision.Wanted;
import io.vaultkms.model.forecast.Forecast;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whatever a cluster has come to, a forecast of it comes to an end that makes sense. */
class ForecastEndsTest {
  private enum End {
    MENDED_FIRST,
    SETTLED,
    BLOCKED,
    REFUSED,
    WAITING
  }

  private final Map<End, Long> ends = new EnumMap<>(End.class);

  @Test
  void fromEveryObservationOfTheModelChecker() {
    Plot plot =
        Plot.of("forecasts", Wish.A, Wish.A_MENDED, Wish.B, Wish.PLAIN)
            .changes(1)
            .faults(1, Fault.NODE_FAILS, Fault.KEY_SECRET_DELETED, Fault.BUNDLE_DELETED)
            .rotations(1);

    ModelChecker.explore(plot, this::forecast);

    System.out.println("forecasts by their end: " + ends);
    assertThat(ends).containsKeys(End.SETTLED, End.MENDED_FIRST).doesNotContainKey(End.WAITING);
  }

  /** Stands where the decision stands, and gives what it gives. */
  private Step forecast(Observation seen) {
    Forecast forecast = Forecast.of(seen);
    ends.merge(end(seen, forecast.end()), 1L, Long::sum);
    assertThat(forecast.now()).isEqualTo(Decision.next(seen));
    return forecast.now();
  }

  private static End end(Observation seen, Step end) {
    return switch (end) {
      case Step.Settled settled -> {
        if (seen.wanted() instanceof Wanted.Valid wanted) {
          assertThat(settled.mode()).as("%s", seen).isEqualTo(wanted.mode());
        }
        yield End.SETTLED;
      }
      case Step.Blocked _ -> End.BLOCKED;
      case Step.Refuse _ -> End.REFUSED;
      case Step.Restore _, Step.Adopt _ -> End.MENDED_FIRST;
      case Step.Await _,
          Step.Preflight _,
          Step.MintKey _,
          Step.UpdateKey _,
          Step.WithdrawKey _,
          Step.RollOut _,
          Step.Migrate _,
          Step.PruneKeys _ ->
          End.WAITING;
    };
  }
}
