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
import io.vaultkms.platform.log.Decoded;
import io.vaultkms.platform.log.EventReader;
import io.vaultkms.platform.log.LogEntry;
import io.vaultkms.platform.log.LogSettings;
import io.vaultkms.platform.log.ReadFrom;
import io.vaultkms.platform.log.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Follows the log and shows what happens as it happens. Nothing else tells the demo how far the
 * services are.
 */
final class Follower implements AutoCloseable {
  private final Screen screen;
  private final EventReader reader;
  private final Thread thread;
  private final CountDownLatch end = new CountDownLatch(1);
  private final Set<String> seen = new HashSet<>();
  private final List<DemoResult.Stage> stages = new ArrayList<>();
  private double stageStart;
  private long events;
  private volatile Optional<String> failure = Optional.empty();

  Follower(LogSettings log, Screen screen) {
    this.screen = screen;
    this.reader = EventReader.open(log, "demo");
    this.thread =
        Thread.ofVirtual()
            .name("follow-log")
            .unstarted(
                () ->
                    reader.follow(
                        Set.of(Topics.EVENTS, Topics.TELEMETRY),
                        new ReadFrom.Beginning(),
                        this::take));
  }

  void start() {
    stageStart = screen.seconds();
    thread.start();
  }

  /** Waits until the log says that encryption has settled. */
  void awaitSettled(Duration limit) throws InterruptedException {
    if (!end.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new DemoFailure(
          "the pipeline was not settled after %d s; the last stage was '%s'%s"
              .formatted(
                  limit.toSeconds(),
                  stages.isEmpty() ? "start" : stages.getLast().name(),
                  failure.map(why -> ": " + why).orElse("")));
    }
  }

  synchronized List<DemoResult.Stage> stages() {
    return List.copyOf(stages);
  }

  synchronized long events() {
    return events;
  }

  private synchronized void take(LogEntry entry) {
    if (entry.decoded() instanceof Decoded.Known known && seen.add(known.event().id())) {
      events++;
      show(known.event());
    }
  }

  private void show(Event event) {
    switch (event) {
      case ConfigChanged changed -> {
        screen.line(
            "configuration accepted: mode %s, generation %d, hash %s",
            changed.mode(), changed.generation(), changed.hash());
        stage("configuration");
      }
      case ConfigRejected rejected -> {
        failure = Optional.of("the configuration was rejected: " + rejected.violations());
        screen.line("configuration rejected:");
        rejected.violations().forEach(violation -> screen.line("  %s", violation));
      }
      case PreflightSucceeded passed -> {
        screen.line("preflight passed on %d nodes", passed.nodes().size());
        stage("preflight");
      }
      case PreflightFailed failed -> {
        failure = Optional.of(failed.reason());
        screen.line(
            "preflight failed on %s at %s: %s", failed.node(), failed.step(), failed.reason());
      }
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
              String.join(", ", rollout.waiting()));
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
      case MigrationFailed failed -> {
        failure = Optional.of("migration of " + failed.resource() + ": " + failed.reason());
        screen.line("migration of %s failed: %s", failed.resource(), failed.reason());
      }
      case EncryptionSettled settled -> {
        if (settled.keyId() > 0) {
          screen.line("settled: mode %s, write key %d", settled.mode(), settled.keyId());
          stage("settled");
          end.countDown();
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

  @Override
  public void close() {
    reader.stop();
    try {
      thread.join(Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
