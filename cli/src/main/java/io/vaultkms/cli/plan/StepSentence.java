package io.vaultkms.cli.plan;

import io.vaultkms.model.decision.Step;
import java.util.stream.Collectors;

/** A step that is to come, as half a sentence. */
final class StepSentence {
  private StepSentence() {}

  static String of(Step step) {
    return switch (step) {
      case Step.Refuse _ -> "refuse the configuration";
      case Step.Preflight(long keyId, String hash) ->
          "preflight of configuration %s for key %d on every node".formatted(hash, keyId);
      case Step.MintKey(long keyId, var mode, String reason) ->
          "key %d, mode %s (%s)".formatted(keyId, mode.wire(), reason);
      case Step.UpdateKey(long keyId, String hash) ->
          "key %d gets configuration %s in place".formatted(keyId, hash);
      case Step.RollOut(_, Step.Purpose purpose, long keyId) -> rollOut(purpose, keyId);
      case Step.Migrate(long keyId, var resources, _) ->
          "migration to key %d of %s".formatted(keyId, String.join(", ", resources));
      case Step.PruneKeys(var keyIds) ->
          "key Secrets deleted: "
              + keyIds.stream().map(String::valueOf).collect(Collectors.joining(", "));
      case Step.WithdrawKey(long keyId, String reason) ->
          "key %d is withdrawn (%s)".formatted(keyId, reason);
      case Step.Restore(Step.Kept what, long number) -> "put back the lost " + kept(what, number);
      case Step.Adopt(Step.Kept what, long number) ->
          "take over, as others wrote it, the " + kept(what, number);
      case Step.Await(var what, var waiting) ->
          switch (what) {
                case PREFLIGHT -> "a preflight is waited for: ";
                case CONVERGENCE -> "the newest revision is waited for: ";
                case REMOTE_ROTATION -> "a rotated key is waited for: ";
              }
              + waiting.stream().map(StepSentence::waiting).collect(Collectors.joining("; "));
      case Step.Blocked(_, String message) -> message;
      case Step.Settled _ -> "settled";
    };
  }

  private static String rollOut(Step.Purpose purpose, long keyId) {
    return switch (purpose) {
      case READ_KEY -> "rollout: key %d becomes a read key".formatted(keyId);
      case WRITE_KEY -> "rollout: key %d becomes the write key".formatted(keyId);
      case IN_PLACE -> "rollout: what has changed of key %d".formatted(keyId);
      case RETIRE -> "rollout: without the keys that nothing is stored under any more";
      case WITHDRAW -> "rollout: without key %d, which is given up".formatted(keyId);
      case ADOPT -> "the bundle that others wrote is taken over as it stands";
    };
  }

  private static String kept(Step.Kept what, long number) {
    return switch (what) {
      case KEY -> "key Secret of key " + number;
      case BUNDLE -> "newest bundle";
      case COPY -> "copy of revision " + number;
    };
  }

  private static String waiting(Step.Waiting waiting) {
    return waiting.node().isEmpty() ? waiting.reason() : waiting.node() + " " + waiting.reason();
  }
}
