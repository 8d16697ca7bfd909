package io.vaultkms.platform.log;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the broker every few seconds whether it is there, since a consumer or producer that has lost
 * it only waits. Makes the shared topics when it first answers. Runs on a virtual thread of its
 * own.
 */
final class BrokerWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BrokerWatch.class);
  private static final Duration WHILE_UP = Duration.ofSeconds(2);
  private static final Duration WHILE_DOWN = Duration.ofSeconds(1);

  private final LogSettings settings;
  private final String service;
  private final CountDownLatch topics = new CountDownLatch(1);
  private final Thread thread;
  private @Nullable Admin admin;
  private volatile LogState state;
  private volatile String what = "has not answered yet";

  BrokerWatch(LogSettings settings, String service) {
    this.settings = settings;
    this.service = service;
    this.state = new LogState(false, now(), broker() + " " + what);
    this.thread = Thread.ofVirtual().name("broker-watch").unstarted(this::watch);
  }

  BrokerWatch start() {
    thread.start();
    return this;
  }

  LogState state() {
    return state;
  }

  /** Blocks until the topics are there, or throws after the timeout. */
  void awaitTopics(Duration timeout) throws InterruptedException {
    if (!topics.await(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new EventLogUnavailable(settings, "it " + what, null);
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join(Duration.ofSeconds(6));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void watch() {
    try {
      while (!Thread.interrupted()) {
        ask();
        Thread.sleep(state.healthy() ? WHILE_UP : WHILE_DOWN);
      }
    } catch (InterruptedException e) {
      LOG.debug("the watch of {} ends", broker());
    } finally {
      if (admin != null) {
        admin.close(Duration.ofSeconds(2));
      }
    }
  }

  private void ask() throws InterruptedException {
    Instant asked = now();
    try {
      Admin asking = admin == null ? Admin.create(KafkaClients.admin(settings, service)) : admin;
      admin = asking;
      asking
          .describeCluster(new DescribeClusterOptions().timeoutMs(3000))
          .nodes()
          .get(5, TimeUnit.SECONDS);
      if (topics.getCount() > 0) {
        Topics.ensure(asking, Topics.shared(settings));
        topics.countDown();
      }
      up();
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      down(asked, EventLogUnavailable.reasonOf(e));
    }
  }

  private void up() {
    if (!state.healthy()) {
      LOG.info("{} answers", broker());
      what = "answers";
      state = new LogState(true, now(), broker() + " " + what);
    }
  }

  private void down(Instant asked, String reason) {
    Instant since = state.healthy() ? asked : state.since();
    if (state.healthy() || !what.contains(reason)) {
      LOG.warn("{} cannot be used: {}", broker(), reason);
    }
    what = "cannot be used since " + since + " (" + reason + ")";
    state = new LogState(false, since, broker() + " " + what);
  }

  private String broker() {
    return "Kafka at " + settings.bootstrapServers();
  }

  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS);
  }
}
