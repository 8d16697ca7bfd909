package io.vaultkms.cli.demo;

import io.vaultkms.cli.events.EventSentence;
import io.vaultkms.model.event.ConfigChanged;
import io.vaultkms.model.event.ConfigRejected;
import io.vaultkms.model.event.EncryptionSettled;
import io.vaultkms.model.event.Event;
import io.vaultkms.model.event.KeyCreated;
import io.vaultkms.model.event.MigrationDone;
import io.vaultkms.model.event.MigrationFailed;
import io.vaultkms.model.event.MigrationProgressed;
import io.vaultkms.model.event.MigrationStarted;
import io.vaultkms.model.event.PluginReady;
import io.vaultkms.model.event.PreflightFailed;
import io.vaultkms.model.event.PreflightSucceeded;
import io.vaultkms.model.event.ResourceCounts;
import io.vaultkms.model.event.RevisionConverged;
import io.vaultkms.model.event.RolloutStarted;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Shows each event as it comes, and notes how long each stage took. For one thread at a time. */
final class Narrator {
  private final Screen screen;
  private final List<DemoResult.Stage> stages = new ArrayList<>();
  private double stageStart;

  Narrator(Screen screen) {
    this.screen = screen;
    this.stageStart = screen.seconds();
  }

  List<DemoResult.Stage> stages() {
    return List.copyOf(stages);
  }

  void show(Event event) {
    switch (event) {
      case ConfigChanged changed -> {
        screen.line(
            "configuration accepted: mode %s, generation %d, hash %s",
            changed.mode(), changed.generation(), changed.hash());
        stage("configuration");
      }
      case ConfigRejected rejected -> {
        screen.line("configuration rejected:");
        rejected.violations().forEach(violation -> screen.line("  %s", violation));
      }
      case PreflightSucceeded passed -> {
        screen.line("preflight passed on %d nodes", passed.nodes().size());
        stage("preflight");
      }
      case PreflightFailed failed ->
          screen.line(
              "preflight failed%s at %s: %s",
              failed.node().isEmpty() ? "" : " on " + failed.node(),
              failed.step(),
              failed.reason());
      case KeyCreated key -> {
        screen.line("key %d created, mode %s", key.keyId(), key.mode());
        stage("key");
      }
      case RolloutStarted rollout ->
          screen.line(
              "revision %d goes out: %s of key %d, waiting for %s",
              rollout.revision(),
              words(rollout.purpose().name()),
              rollout.keyId(),
              rollout.waiting().isEmpty() ? "nobody" : String.join(", ", rollout.waiting()));
      case PluginReady ready ->
          screen.line(
              "  %s: plugin of key %d ready for revision %d",
              ready.node(), ready.keyId(), ready.revision());
      case RevisionConverged converged -> {
        screen.line(
            "revision %d converged on %d nodes in %.1f s",
            converged.revision(), converged.nodes().size(), converged.seconds());
        stage(words(converged.purpose().name()));
      }
      case MigrationStarted started ->
          screen.line(
              "migration to key %d of %s", started.keyId(), String.join(", ", started.resources()));
      case MigrationProgressed progress ->
          screen.progress(progress.resource(), progress.done(), progress.total(), progress.rate());
      case MigrationDone done -> {
        done.resources().forEach(this::counts);
        stage("migration");
      }
      case MigrationFailed failed ->
          screen.line("migration of %s failed: %s", failed.resource(), failed.reason());
      case EncryptionSettled settled -> {
        if (settled.keyId() > 0) {
          screen.line("settled: mode %s, write key %d", settled.mode(), settled.keyId());
          stage("settled");
        }
      }
      default -> screen.line("%s", EventSentence.of(event));
    }
  }

  private void counts(ResourceCounts counts) {
    screen.line(
        "migrated %s: %,d seen, %,d rewritten, %,d fresh already, %d gone, %d conflicts in %.1f s",
        counts.resource(),
        counts.seen(),
        counts.rewritten(),
        counts.fresh(),
        counts.gone(),
        counts.conflicts(),
        counts.seconds());
  }

  private void stage(String name) {
    double now = screen.seconds();
    stages.add(new DemoResult.Stage(name, Math.round((now - stageStart) * 10) / 10.0));
    stageStart = now;
  }

  private static String words(String constant) {
    return constant.toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
