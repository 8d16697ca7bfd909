package io.vaultkms.health.status;

import io.vaultkms.model.decision.Step;

/** The one word for {@code kubectl get}: what is going on. */
public enum Phase {
  REFUSED("Refused"),
  PREFLIGHT("Preflight"),
  KEY_MINTING("KeyMinting"),
  KEY_UPDATING("KeyUpdating"),
  ROLLING_OUT("RollingOut"),
  WITHDRAWING("Withdrawing"),
  RESTORING("Restoring"),
  ADOPTING("Adopting"),
  MIGRATING("Migrating"),
  PRUNING("Pruning"),
  WAITING("Waiting"),
  BLOCKED("Blocked"),
  SETTLED("Settled");

  private final String word;

  Phase(String word) {
    this.word = word;
  }

  /** As people see it. */
  public String word() {
    return word;
  }

  /** The phase in which that step is next. */
  public static Phase of(Step step) {
    return switch (step) {
      case Step.Refuse _ -> REFUSED;
      case Step.Preflight _ -> PREFLIGHT;
      case Step.MintKey _ -> KEY_MINTING;
      case Step.UpdateKey _ -> KEY_UPDATING;
      case Step.RollOut _ -> ROLLING_OUT;
      case Step.WithdrawKey _ -> WITHDRAWING;
      case Step.Restore _ -> RESTORING;
      case Step.Adopt _ -> ADOPTING;
      case Step.Migrate _ -> MIGRATING;
      case Step.PruneKeys _ -> PRUNING;
      case Step.Await await ->
          switch (await.what()) {
            case PREFLIGHT -> PREFLIGHT;
            case CONVERGENCE -> ROLLING_OUT;
            case REMOTE_ROTATION -> WAITING;
          };
      case Step.Blocked _ -> BLOCKED;
      case Step.Settled _ -> SETTLED;
    };
  }

  /** Whether something is under way that ends by itself. */
  public boolean isUnderWay() {
    return switch (this) {
      case PREFLIGHT,
          KEY_MINTING,
          KEY_UPDATING,
          ROLLING_OUT,
          WITHDRAWING,
          RESTORING,
          ADOPTING,
          MIGRATING,
          PRUNING,
          WAITING ->
          true;
      case REFUSED, BLOCKED, SETTLED -> false;
    };
  }
}
