package io.vaultkms.health.status;

import io.vaultkms.model.config.Violation;
import io.vaultkms.model.decision.Step;
import io.vaultkms.model.decision.Step.Waiting;
import java.util.List;
import java.util.stream.Collectors;

/** What a step means, in one sentence for people. */
final class Sentences {
  private Sentences() {}

  static String of(Step step) {
    return switch (step) {
      case Step.Refuse refuse -> "The configuration is refused: " + all(refuse.violations()) + ".";
      case Step.Preflight preflight ->
          "Every node is about to try configuration %s for key %d."
              .formatted(preflight.hash(), preflight.keyId());
      case Step.MintKey mint ->
          "Key %d of mode %s is about to be minted: %s."
              .formatted(mint.keyId(), mint.mode().wire(), mint.reason());
      case Step.UpdateKey update ->
          "Key %d is about to get configuration %s in place."
              .formatted(update.keyId(), update.hash());
      case Step.RollOut rollOut -> rollOut(rollOut);
      case Step.WithdrawKey withdraw ->
          "Key %d is about to be withdrawn: %s.".formatted(withdraw.keyId(), withdraw.reason());
      case Step.Restore restore -> restore(restore);
      case Step.Adopt adopt ->
          "What others wrote is about to be taken over: %s."
              .formatted(
                  adopt.what() == Step.Kept.KEY ? "key " + adopt.number() : "the newest bundle");
      case Step.Migrate migrate -> migrate(migrate);
      case Step.PruneKeys prune -> "Keys %s are about to be pruned.".formatted(prune.keyIds());
      case Step.Await await -> await(await);
      case Step.Blocked blocked -> capital(blocked.message()) + ".";
      case Step.Settled settled ->
          settled.mode().encrypts()
              ? "Everything is stored as wanted, under key %d of mode %s."
                  .formatted(settled.writeKey().orElse(0), settled.mode().wire())
              : "Everything is stored as wanted, in plaintext.";
    };
  }

  private static String rollOut(Step.RollOut rollOut) {
    return switch (rollOut.purpose()) {
      case READ_KEY -> "Key %d is about to become readable everywhere.".formatted(rollOut.keyId());
      case WRITE_KEY ->
          "Key %d is about to become the write key everywhere.".formatted(rollOut.keyId());
      case IN_PLACE ->
          "The new configuration of key %d is about to go to every node."
              .formatted(rollOut.keyId());
      case WITHDRAW ->
          "Key %d is about to go from every node: it is not wanted any more."
              .formatted(rollOut.keyId());
      case ADOPT -> "What others wrote is about to go to every node.";
      case RETIRE -> "Keys older than %d are about to be retired.".formatted(rollOut.keyId());
    };
  }

  private static String restore(Step.Restore restore) {
    return switch (restore.what()) {
      case KEY ->
          "The Secret of key %d is gone, and about to be made anew from the bundle."
              .formatted(restore.number());
      case BUNDLE ->
          "The newest bundle is gone, and about to be made anew from revision %d."
              .formatted(restore.number());
      case COPY ->
          "The copy of revision %d is gone, and about to be made anew.".formatted(restore.number());
    };
  }

  private static String migrate(Step.Migrate migrate) {
    String resources = String.join(", ", migrate.resources());
    return switch (migrate.reason()) {
      case NEW_KEY -> "Rewriting %s with key %d.".formatted(resources, migrate.keyId());
      case REMOTE_ROTATION ->
          "Rewriting %s with the new remote key of key %d.".formatted(resources, migrate.keyId());
    };
  }

  private static String await(Step.Await await) {
    String what =
        switch (await.what()) {
          case PREFLIGHT -> "the preflight";
          case CONVERGENCE -> "every node to apply the newest bundle";
          case REMOTE_ROTATION -> "every node to report the new remote key";
        };
    return "Waiting for %s: %s.".formatted(what, waiting(await.waiting()));
  }

  static String waiting(List<Waiting> waiting) {
    return waiting.stream()
        .map(who -> who.node().isEmpty() ? who.reason() : who.node() + ": " + who.reason())
        .collect(Collectors.joining("; "));
  }

  static String all(List<Violation> violations) {
    return violations.stream().map(Violation::toString).collect(Collectors.joining("; "));
  }

  private static String capital(String text) {
    return text.isEmpty() ? text : Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }
}
