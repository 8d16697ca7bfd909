package io.vaultkms.lab.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vaultkms.model.event.Event;
import io.vaultkms.model.event.MigrationProgressed;
import io.vaultkms.platform.log.ConsumerSettings;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How several members of a group share what they listen to. */
abstract class SharingContract extends LogFixture {
  private static final ConsumerSettings BOTH =
      QUICK.channels(Event.Channel.STORY, Event.Channel.TELEMETRY);

  @Test
  void whoHasAClustersStoryHasItsTelemetryToo() {
    Member first = member();
    first.consume(BOTH);
    await().until(() -> partitions(first) == 2 * PARTITIONS);
    Member second = member();
    second.consume(BOTH);
    await()
        .until(
            () ->
                partitions(second) > 0 && partitions(first) + partitions(second) == 2 * PARTITIONS);
    List<String> clusters =
        IntStream.range(0, PARTITIONS).mapToObj(p -> Raw.clusterIn(p, PARTITIONS, name)).toList();
    clusters.forEach(cluster -> first.publish(key(cluster, 1), progress(cluster)));
    await().until(() -> first.events().size() + second.events().size() == 2 * PARTITIONS);
    for (String cluster : clusters) {
      assertThat(handledOf(first, cluster).size()).as(cluster).isIn(0, 2);
    }
  }

  private static int partitions(Member member) {
    return member.metrics().find("vaultkms.events.lag").gauges().size();
  }

  private static Event progress(String cluster) {
    return new MigrationProgressed(cluster, "kube-apiserver", NOON, 1, "r", "secrets", 5, 10, 2.5);
  }
}
