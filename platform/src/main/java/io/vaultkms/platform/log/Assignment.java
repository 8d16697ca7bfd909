package io.vaultkms.platform.log;

import static java.util.stream.Collectors.toSet;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which of several replicas does a cluster's work: the member of the consumer group that has the
 * partition with the cluster's events. From any thread.
 *
 * <p>Only a hint. A member that the group takes for dead may go on for a while, and one that has
 * not heard of the group yet works too: so that a broker that is away stops nobody, and what two do
 * at once must harm nothing.
 */
public final class Assignment {
  private static final Logger LOG = LoggerFactory.getLogger(Assignment.class);

  private final String cluster;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private volatile boolean elsewhere;
  private volatile boolean known;

  /**
   * @param cluster the cluster's id, which is the key of its events
   */
  public Assignment(String cluster) {
    this.cluster = cluster;
  }

  /** Whether another replica is known to do the work. */
  public boolean elsewhere() {
    return elsewhere;
  }

  /**
   * @param listener called when the group has agreed first, again when this member has come back
   *     after it was thrown out (others may have had the events meanwhile), and after a change; on
   *     a thread of Kafka's: it must not block
   */
  public void onChange(Runnable listener) {
    listeners.add(listener);
  }

  /** The group has agreed who has what; on the member's own thread. */
  void agreed(GroupConsumer member) {
    agreed(
        member.partitionsFor(Topics.EVENTS).size(),
        member.assignment().stream()
            .filter(partition -> partition.topic().equals(Topics.EVENTS))
            .map(TopicPartition::partition)
            .collect(toSet()));
  }

  void agreed(int partitions, Set<Integer> own) {
    boolean others = !own.contains(partition(cluster, partitions));
    if (others != elsewhere) {
      LOG.info("{} does the work for {}", others ? "another replica" : "this replica", cluster);
    }
    boolean first = !known;
    known = true;
    set(others, first);
  }

  /** This member has lost its place in the group, and has to come in anew. */
  void lost() {
    known = false;
  }

  /** This member leaves its group, and the work to whoever is there. */
  void left() {
    set(true, false);
  }

  private void set(boolean now, boolean first) {
    boolean change = elsewhere != now;
    elsewhere = now;
    if (change || first) {
      listeners.forEach(Runnable::run);
    }
  }

  /** As Kafka's own partitioner chooses it for a record's key. */
  static int partition(String key, int partitions) {
    return Utils.toPositive(Utils.murmur2(Utils.utf8(key))) % partitions;
  }
}
