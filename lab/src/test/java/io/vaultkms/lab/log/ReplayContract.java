package io.vaultkms.lab.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vaultkms.model.event.Event;
import io.vaultkms.model.event.ReplayFinished;
import io.vaultkms.model.event.ReplayRequested;
import io.vaultkms.platform.log.Received;
import io.vaultkms.platform.log.Topics;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A service handles a stretch of the log again when someone asks. */
abstract class ReplayContract extends LogFixture {
  @Test
  void aStretchIsHandledAgainWhenSomeoneAsks() {
    Member member = member();
    String neighbour = Raw.clusterIn(0, PARTITIONS, name + "-neighbour");
    String cluster = Raw.clusterIn(0, PARTITIONS, name + "-mine");
    member.consume(QUICK);
    member.publish(
        key(cluster, 1),
        key(neighbour, 1),
        key(cluster, 2),
        new ReplayRequested(cluster, "", NOON, "of-others", "another-service", 0, 5),
        key(cluster, 3),
        key(cluster, 4));
    await().until(() -> handledOf(member, cluster).size() == 5);
    long from = offsetOf(member, key(cluster, 2));
    long to = offsetOf(member, key(cluster, 3));
    member.publish(new ReplayRequested(cluster, "", NOON, "q1", name, from, to));
    await().until(() -> member.events().stream().anyMatch(ReplayFinished.class::isInstance));
    assertThat(member.handled().stream().filter(Received::replayed).map(Received::event))
        .containsExactly(key(cluster, 2), key(cluster, 3));
    ReplayFinished finished =
        (ReplayFinished)
            member.events().stream().filter(ReplayFinished.class::isInstance).toList().getFirst();
    assertThat(finished.requestId()).isEqualTo("q1");
    assertThat(finished.service()).isEqualTo(name);
    assertThat(finished.handled()).isEqualTo(2);
    assertThat(finished.failed()).isZero();
    Received last = member.handled().getLast();
    await().until(() -> raw.committed(Topics.group(name, ""), last) == last.offset() + 1);
  }

  @Test
  void aReplayDoesNotHoldUpWhatHappensNowAndSurvivesTheEndOfItsMember() throws Exception {
    Member member = member();
    CountDownLatch replaying = new CountDownLatch(1);
    member.consume(
        QUICK,
        received -> {
          if (received.replayed()) {
            replaying.countDown();
            new CountDownLatch(1).await();
          }
        });
    member.publish(key(name, 1));
    await().until(() -> member.handled().size() == 1);
    member.publish(new ReplayRequested(name, "", NOON, "q1", name, 0, Long.MAX_VALUE));
    assertThat(replaying.await(10, TimeUnit.SECONDS)).isTrue();
    member.publish(key(name, 2), key(name, 3));
    await().until(() -> member.events().containsAll(List.of(key(name, 2), key(name, 3))));
    member.close();
    Member next = member();
    next.consume(QUICK);
    await().until(() -> next.events().stream().anyMatch(ReplayFinished.class::isInstance));
    assertThat(next.handled().stream().filter(Received::replayed).map(Received::event))
        .containsExactly(key(name, 1));
  }

  private static long offsetOf(Member member, Event event) {
    return member.handled().stream()
        .filter(received -> received.event().equals(event))
        .findFirst()
        .orElseThrow()
        .offset();
  }
}
