package io.vaultkms.health.status;

import static io.vaultkms.health.status.Finding.no;
import static io.vaultkms.health.status.Finding.unknown;
import static io.vaultkms.health.status.Finding.yes;

import io.vaultkms.health.history.History;
import io.vaultkms.health.history.Judgement;
import io.vaultkms.health.history.MigrationRun;
import io.vaultkms.health.history.PluginOnNode;
import io.vaultkms.model.config.Violation;
import io.vaultkms.model.decision.Preflights;
import io.vaultkms.model.decision.Step;
import io.vaultkms.model.decision.Wanted;
import io.vaultkms.model.key.EncryptionKey;
import io.vaultkms.model.node.NodeReport.PluginReport;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The findings for every condition, each from facts that it names. */
record Findings(Facts facts, Step step, Phase phase, History history) {

  /** Whether what is stored is encrypted: whatever else is going on, and whatever is wanted. */
  Finding encrypted() {
    long writeKey = facts.writeKey();
    if (facts.bundle().keys().isEmpty() || writeKey == 0 && facts.readKeys().isEmpty()) {
      return no("Plaintext", "No key encrypts.");
    }
    if (writeKey == 0) {
      return no("NoWriteKey", "Not every resource is written with the same key.");
    }
    if (!facts.mode(writeKey).encrypts()) {
      return no("Plaintext", "Plaintext is written.");
    }
    if (!facts.converged()) {
      return no(
          "NotConverged",
          "Not every node has applied the newest bundle: "
              + Sentences.waiting(facts.waiting())
              + ".");
    }
    Optional<EncryptionKey> key = facts.key(writeKey);
    if (key.isEmpty()) {
      return unknown("KeyMissing", "The Secret of key %d is not there.".formatted(writeKey));
    }
    return migrated(key.get());
  }

  private Finding migrated(EncryptionKey key) {
    TreeSet<String> left = new TreeSet<>(facts.seen().component().resources());
    left.removeAll(key.migrated().resources());
    return left.isEmpty()
        ? yes(
            "Encrypted",
            "Everything is encrypted with key %d of mode %s."
                .formatted(key.id(), key.mode().wire()))
        : no(
            "NotMigrated",
            "Not yet rewritten with key %d: %s.".formatted(key.id(), String.join(", ", left)));
  }

  /** Whether the wanted configuration keeps every rule, and what it refers to is there. */
  Finding accepted() {
    return switch (facts.seen().wanted()) {
      case Wanted.Invalid invalid -> no("Invalid", Sentences.all(invalid.violations()));
      case Wanted.Incomplete incomplete ->
          no("ReferencesMissing", Sentences.all(incomplete.missing()));
      case Wanted.Absent _ -> yes("NothingWanted", "There is no configuration.");
      case Wanted.Local local ->
          yes(
              "Accepted",
              "The configuration for mode %s is accepted.".formatted(local.mode().wire()));
      case Wanted.Remote remote -> judged(remote.generation());
    };
  }

  private Finding judged(long generation) {
    return history
            .judgement()
            .filter(known -> known.generation() == generation)
            .filter(Judgement::accepted)
            .isPresent()
        ? yes("Accepted", "The configuration for mode KMS is accepted.")
        : unknown(
            "NotJudgedYet",
            "Whether what the configuration refers to is there has not been told yet.");
  }

  List<Violation> violations() {
    return switch (facts.seen().wanted()) {
      case Wanted.Valid _, Wanted.Absent _ -> List.of();
      case Wanted.Invalid invalid -> invalid.violations();
      case Wanted.Incomplete incomplete -> incomplete.missing();
    };
  }

  Finding inProgress() {
    return phase.isUnderWay()
        ? yes(phase.word(), Sentences.of(step))
        : no(phase.word(), "Nothing is under way.");
  }

  Finding completed() {
    return phase == Phase.SETTLED
        ? yes("Settled", Sentences.of(step))
        : no(phase.word(), Sentences.of(step));
  }

  /** Whether a person has to see to something. */
  Finding degraded() {
    return switch (step) {
      case Step.Refuse _ -> yes("ConfigurationRefused", Sentences.of(step));
      case Step.Blocked blocked -> yes(camel(blocked.obstacle()), Sentences.of(step));
      case Step.Migrate migrate ->
          failedRun(migrate.keyId())
              .flatMap(MigrationRun::failure)
              .map(
                  failure ->
                      yes(
                          "MigrationFailed",
                          "The migration of %s fails: %s"
                              .formatted(failure.resource(), failure.reason())))
              .orElseGet(this::refusedChange);
      case Step.Preflight _,
          Step.MintKey _,
          Step.UpdateKey _,
          Step.RollOut _,
          Step.WithdrawKey _,
          Step.Restore _,
          Step.Adopt _,
          Step.PruneKeys _,
          Step.Await _,
          Step.Settled _ ->
          refusedChange();
    };
  }

  /** Contents that do not work for a key hold up nothing else. */
  private Finding refusedChange() {
    return facts
        .seen()
        .preflight()
        .filter(request -> facts.key(request.keyId()).isPresent())
        .flatMap(
            request ->
                Preflights.refusal(facts.seen())
                    .map(
                        why ->
                            yes(
                                "PreflightFailed",
                                "Key %d keeps what it had: %s.".formatted(request.keyId(), why))))
        .orElseGet(() -> no("AsExpected", "Nothing needs a person."));
  }

  private Optional<MigrationRun> failedRun(long keyId) {
    return history.newestRuns().stream()
        .filter(run -> run.keyId() == keyId)
        .findFirst()
        .filter(run -> run.state() == MigrationRun.State.FAILED);
  }

  /**
   * A plugin that fails counts at once; one that nobody reports, or that has yet to start, is not
   * known to be broken.
   */
  Finding pluginsDegraded() {
    List<Facts.NeededPlugin> plugins = facts.plugins();
    if (plugins.isEmpty()) {
      return no("NoPlugins", "No plugin is needed.");
    }
    Predicate<Facts.NeededPlugin> silent =
        plugin -> plugin.report().filter(PluginReport::healthy).isEmpty();
    Predicate<Facts.NeededPlugin> failing =
        plugin -> plugin.report().isPresent() && silent.test(plugin) && !isStarting(plugin);
    if (plugins.stream().anyMatch(failing)) {
      return yes("PluginsFail", list(plugins, failing));
    }
    return plugins.stream().anyMatch(silent)
        ? unknown("PluginsNotKnown", list(plugins, silent))
        : no("AsExpected", "Every plugin answers.");
  }

  private boolean isStarting(Facts.NeededPlugin plugin) {
    PluginOnNode which = new PluginOnNode(plugin.node(), plugin.keyId());
    return !history.wasReady(which)
        && !history.degraded(which)
        && facts.waiting().stream().anyMatch(waiting -> waiting.node().equals(plugin.node()));
  }

  private static String list(
      List<Facts.NeededPlugin> plugins, Predicate<Facts.NeededPlugin> wanted) {
    return plugins.stream()
        .filter(wanted)
        .map(
            plugin ->
                "%s: the plugin of key %d %s"
                    .formatted(
                        plugin.node(),
                        plugin.keyId(),
                        plugin.report().map(report -> report.detail()).orElse("is not reported")))
        .collect(Collectors.joining("; "));
  }

  private static String camel(Step.Obstacle obstacle) {
    return switch (obstacle) {
      case PREFLIGHT_FAILED -> "PreflightFailed";
      case PREFLIGHT_STALLED -> "PreflightStalled";
      case ROLLOUT_STALLED -> "RolloutStalled";
      case NO_NODES -> "NoNodes";
      case NOT_TAKEN_OVER -> "NotTakenOver";
      case KEY_MISSING -> "KeyMissing";
      case BUNDLE_MISSING -> "BundleMissing";
      case CONFIGURATION_MISSING -> "ConfigurationMissing";
      case TOO_MANY_KEYS -> "TooManyKeys";
    };
  }
}
