package io.vaultkms.platform.log;

import io.vaultkms.model.event.Event;
import io.vaultkms.platform.work.Backoff;
import java.time.Duration;
import java.util.Set;

/**
 * How a service consumes.
 *
 * @param cluster the cluster it works for, which has a consumer group of its own: else a member
 *     that works for another cluster would get, and pass over, what this one waits for; empty where
 *     one group serves all clusters
 * @param channels what it listens to
 * @param attempts how often a handler may throw before the event is a dead letter
 * @param firstPause the pause after the first failure; later ones are longer
 * @param longestPause the longest pause between attempts
 * @param queue events of a partition that wait in memory before no more are fetched
 * @param sessionTimeout how long after a member's death the others take its partitions
 * @param grace how long a handler may go on when its partition goes elsewhere or the service stops
 */
public record ConsumerSettings(
    String cluster,
    Set<Event.Channel> channels,
    int attempts,
    Duration firstPause,
    Duration longestPause,
    int queue,
    Duration sessionTimeout,
    Duration grace) {
  public ConsumerSettings {
    if (channels.isEmpty()) {
      throw new IllegalArgumentException("channels to consume must not be empty");
    }
    if (attempts < 1) {
      throw new IllegalArgumentException(
          "attempts of a handler is " + attempts + ", and must be at least 1");
    }
    if (queue < 1) {
      throw new IllegalArgumentException(
          "queue of a partition is " + queue + ", and must be at least 1");
    }
    channels = Set.copyOf(channels);
  }

  /** The story only, five attempts, 100 events a partition, ten seconds of session. */
  public static ConsumerSettings defaults() {
    return new ConsumerSettings(
        "",
        Set.of(Event.Channel.STORY),
        5,
        Duration.ofMillis(200),
        Duration.ofSeconds(10),
        100,
        Duration.ofSeconds(10),
        Duration.ofSeconds(2));
  }

  public ConsumerSettings cluster(String wanted) {
    return new ConsumerSettings(
        wanted, channels, attempts, firstPause, longestPause, queue, sessionTimeout, grace);
  }

  public ConsumerSettings channels(Event.Channel... wanted) {
    return new ConsumerSettings(
        cluster, Set.of(wanted), attempts, firstPause, longestPause, queue, sessionTimeout, grace);
  }

  public ConsumerSettings attempts(int wanted, Duration first, Duration longest) {
    return new ConsumerSettings(
        cluster, channels, wanted, first, longest, queue, sessionTimeout, grace);
  }

  public ConsumerSettings queue(int wanted) {
    return new ConsumerSettings(
        cluster, channels, attempts, firstPause, longestPause, wanted, sessionTimeout, grace);
  }

  public ConsumerSettings sessionTimeout(Duration wanted) {
    return new ConsumerSettings(
        cluster, channels, attempts, firstPause, longestPause, queue, wanted, grace);
  }

  public ConsumerSettings grace(Duration wanted) {
    return new ConsumerSettings(
        cluster, channels, attempts, firstPause, longestPause, queue, sessionTimeout, wanted);
  }

  Backoff backoff() {
    return new Backoff(firstPause, longestPause);
  }
}
