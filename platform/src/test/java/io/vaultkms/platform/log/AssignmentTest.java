package io.vaultkms.platform.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.Test;

class AssignmentTest {
  private static final int PARTITIONS = 3;
  private static final int HERS = Assignment.partition("berlin", PARTITIONS);
  private final Assignment assignment = new Assignment("berlin");

  @Test
  void worksUntilTheGroupHasAgreed() {
    assertThat(assignment.elsewhere()).isFalse();
  }

  @Test
  void whoHasTheClustersPartitionWorks() {
    assignment.agreed(PARTITIONS, Set.of(HERS));
    assertThat(assignment.elsewhere()).isFalse();
    assignment.agreed(PARTITIONS, Set.of((HERS + 1) % PARTITIONS, (HERS + 2) % PARTITIONS));
    assertThat(assignment.elsewhere()).isTrue();
  }

  @Test
  void whoHasLeftTheGroupDoesNot() {
    assignment.agreed(PARTITIONS, Set.of(HERS));
    assignment.left();
    assertThat(assignment.elsewhere()).isTrue();
  }

  @Test
  void tellsOfTheFirstAgreementAndOfChangesOnly() {
    AtomicInteger told = new AtomicInteger();
    assignment.onChange(told::incrementAndGet);
    assignment.agreed(PARTITIONS, Set.of(HERS));
    assertThat(told).hasValue(1);
    assignment.agreed(PARTITIONS, Set.of(HERS));
    assertThat(told).hasValue(1);
    assignment.agreed(PARTITIONS, Set.of());
    assignment.agreed(PARTITIONS, Set.of());
    assignment.agreed(PARTITIONS, Set.of(HERS));
    assertThat(told).hasValue(3);
  }

  @Test
  void tellsAgainWhenAMemberThatWasThrownOutIsBack() {
    AtomicInteger told = new AtomicInteger();
    assignment.agreed(PARTITIONS, Set.of(HERS));
    assignment.onChange(told::incrementAndGet);
    assignment.lost();
    assertThat(assignment.elsewhere()).isFalse();
    assertThat(told).hasValue(0);
    assignment.agreed(PARTITIONS, Set.of(HERS));
    assertThat(told).hasValue(1);
  }

  @Test
  void thePartitionIsTheOneThatTheProducerChooses() {
    for (String cluster : new String[] {"berlin", "local", "eu-west-1/prod", "größe"}) {
      assertThat(Assignment.partition(cluster, 12))
          .isEqualTo(
              BuiltInPartitioner.partitionForKey(cluster.getBytes(StandardCharsets.UTF_8), 12));
    }
  }
}
