package io.vaultkms.cli.demo;

import io.vaultkms.model.event.ConfigRejected;
import io.vaultkms.model.event.EncryptionSettled;
import io.vaultkms.model.event.Event;
import io.vaultkms.model.event.MigrationFailed;
import io.vaultkms.model.event.PreflightFailed;
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
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Follows the log, has what happens shown as it happens, and lets a chapter wait for it. Nothing
 * else tells the demo how far the services are. From any thread.
 */
final class Follower implements AutoCloseable {
  private final Narrator narrator;
  private final EventReader reader;
  private final Thread thread;
  private final Set<String> seen = new HashSet<>();
  private final List<Event> story = new ArrayList<>();

  Follower(LogSettings log, Narrator narrator) {
    this.narrator = narrator;
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
    thread.start();
  }

  private synchronized void take(LogEntry entry) {
    if (entry.decoded() instanceof Decoded.Known known && seen.add(known.event().id())) {
      story.add(known.event());
      narrator.show(known.event());
      notifyAll();
    }
  }

  /** A place in the story: what comes after it is new. */
  synchronized int mark() {
    return story.size();
  }

  /**
   * Waits for an event that comes after a mark.
   *
   * @param what names it for a person who waited in vain
   * @throws DemoFailure when it has not come in time, with what else went wrong since
   */
  synchronized <E extends Event> E await(
      int mark, Class<E> type, Predicate<E> wanted, String what, Duration limit)
      throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    int next = mark;
    while (true) {
      for (; next < story.size(); next++) {
        if (type.isInstance(story.get(next)) && wanted.test(type.cast(story.get(next)))) {
          return type.cast(story.get(next));
        }
      }
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new DemoFailure(late(mark, what, limit));
      }
      wait(left);
    }
  }

  /** How many events of a type came after a mark. */
  synchronized long count(int mark, Class<? extends Event> type) {
    return story.subList(mark, story.size()).stream().filter(type::isInstance).count();
  }

  /** The key that the log said last that everything is settled on; 0 when it never did. */
  synchronized long writeKey() {
    return story.reversed().stream()
        .filter(EncryptionSettled.class::isInstance)
        .map(EncryptionSettled.class::cast)
        .mapToLong(EncryptionSettled::keyId)
        .findFirst()
        .orElse(0);
  }

  private String late(int mark, String what, Duration limit) {
    List<DemoResult.Stage> stages = narrator.stages();
    return "the log has not said after %d s that %s; the last stage was '%s'%s"
        .formatted(
            limit.toSeconds(),
            what,
            stages.isEmpty() ? "start" : stages.getLast().name(),
            failure(mark).map(why -> ": " + why).orElse(""));
  }

  private Optional<String> failure(int mark) {
    return story.subList(mark, story.size()).reversed().stream()
        .flatMap(event -> failure(event).stream())
        .findFirst();
  }

  private static Optional<String> failure(Event event) {
    return switch (event) {
      case ConfigRejected rejected ->
          Optional.of("the configuration was rejected: " + rejected.violations());
      case PreflightFailed failed -> Optional.of(failed.reason());
      case MigrationFailed failed ->
          Optional.of("migration of " + failed.resource() + ": " + failed.reason());
      default -> Optional.empty();
    };
  }

  synchronized List<DemoResult.Stage> stages() {
    return narrator.stages();
  }

  synchronized long events() {
    return story.size();
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
