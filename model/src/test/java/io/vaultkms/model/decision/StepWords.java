package io.vaultkms.model.decision;

import io.vaultkms.model.bundle.Bundle;
import io.vaultkms.model.bundle.ResourceKeys;
import java.util.stream.Collectors;

/** A step in the words of the tables. */
final class StepWords {
  private StepWords() {}

  static String of(Step step) {
    return switch (step) {
      case Step.Refuse refuse -> "refuse";
      case Step.Preflight(long key, String hash) ->
          "preflight %s as key %d".formatted(Config.nameOf(hash), key);
      case Step.MintKey(long key, var mode, String reason) ->
          "mint key %d %s: %s".formatted(key, mode.wire(), reason);
      case Step.UpdateKey(long key, String hash) ->
          "update key %d to %s".formatted(key, Config.nameOf(hash));
      case Step.RollOut(Bundle bundle, Step.Purpose purpose, long key) ->
          "roll out %s %d: %s".formatted(purpose, key, bundle(bundle));
      case Step.WithdrawKey(long key, String reason) -> "withdraw key " + key;
      case Step.Restore(Step.Kept what, long number) -> "restore %s %d".formatted(what, number);
      case Step.Adopt(Step.Kept what, long number) -> "adopt %s %d".formatted(what, number);
      case Step.Migrate(long key, var resources, var reason) ->
          "migrate %s to key %d: %s".formatted(String.join(",", resources), key, reason);
      case Step.PruneKeys(var keys) -> "prune " + keys;
      case Step.Await(var what, var waiting) ->
          "await %s: %s"
              .formatted(
                  what, waiting.stream().map(Step.Waiting::node).collect(Collectors.joining(",")));
      case Step.Blocked blocked -> "blocked: " + blocked.obstacle();
      case Step.Settled(var mode, var key) ->
          "settled: %s %s".formatted(mode.wire(), key.isPresent() ? key.getAsLong() : "-");
    };
  }

  /** Resources that agree are said once: {@code 2* 1}. */
  private static String bundle(Bundle bundle) {
    return bundle.resources().values().stream()
        .map(StepWords::keys)
        .distinct()
        .collect(Collectors.joining(" | "));
  }

  private static String keys(ResourceKeys used) {
    return used.readKeys().stream()
        .map(key -> key + (used.writes(key) ? "*" : ""))
        .collect(Collectors.joining(" "));
  }
}
