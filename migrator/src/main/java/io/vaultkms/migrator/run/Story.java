package io.vaultkms.migrator.run;

import io.vaultkms.model.event.Event;
import io.vaultkms.model.event.MigrationDone;
import io.vaultkms.model.event.MigrationFailed;
import io.vaultkms.model.event.MigrationProgressed;
import io.vaultkms.model.event.MigrationStarted;
import io.vaultkms.model.event.ResourceCounts;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Tells of migrations. What has been told with success is not told again by this process; a
 * publisher that fails makes the call fail. From any virtual thread.
 */
public final class Story {
  private static final int REMEMBERED = 1_000;

  private final String clusterId;
  private final String component;
  private final Consumer<Event> publisher;
  private final Clock clock;
  private final Map<String, Boolean> told =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
          return size() > REMEMBERED;
        }
      };

  public Story(String clusterId, String component, Consumer<Event> publisher, Clock clock) {
    this.clusterId = clusterId;
    this.component = component;
    this.publisher = publisher;
    this.clock = clock;
  }

  void started(Plan plan) {
    once(
        new MigrationStarted(
            clusterId,
            component,
            plan.begun().truncatedTo(ChronoUnit.MILLIS),
            plan.step().keyId(),
            plan.run(),
            List.copyOf(plan.step().resources())));
  }

  void progressed(String run, long keyId, String resource, long done, long total, double rate) {
    publisher.accept(
        new MigrationProgressed(
            clusterId, component, now(), keyId, run, resource, done, total, rate));
  }

  void failed(String run, long keyId, String resource, Trouble trouble) {
    once(
        new MigrationFailed(
            clusterId,
            component,
            now(),
            keyId,
            run,
            resource,
            trouble.reason(),
            trouble.objects()));
  }

  void done(String run, long keyId, Instant at, List<ResourceCounts> resources) {
    once(new MigrationDone(clusterId, component, at, keyId, run, resources));
  }

  private void once(Event event) {
    synchronized (told) {
      if (told.containsKey(event.id())) {
        return;
      }
    }
    publisher.accept(event);
    synchronized (told) {
      told.put(event.id(), true);
    }
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
