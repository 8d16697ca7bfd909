package io.vaultkms.platform.log;

import static java.util.stream.Collectors.toSet;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.kafka.client.consumer.KafkaReadStream;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.apache.kafka.common.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One membership in the group, from joining to leaving. The thread that calls {@link #run} polls,
 * commits what the lanes have handled, and feeds them; Kafka's own calls all happen on the thread
 * of the Vert.x stream, the listener's too, while this one waits for it. Errors of polling end the
 * session, and its owner begins another after a pause: Vert.x itself would poll again at once.
 */
final class ConsumerSession implements ConsumerRebalanceListener {
  private static final Logger LOG = LoggerFactory.getLogger(ConsumerSession.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration LAST_COMMIT = Duration.ofSeconds(3);

  /** Longer than anything Kafka does in one call, a rebalance included. */
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final ConsumerSettings settings;
  private final Function<ConsumerSession, GroupConsumer> opening;
  private final LaneMaker lanesOf;
  private final Consumer<GroupConsumer> joined;
  private final Runnable lost;
  private final StopSignal stop;
  private final Map<TopicPartition, PartitionLane> lanes = new ConcurrentHashMap<>();
  private final AtomicReference<@Nullable Throwable> broken = new AtomicReference<>();
  private @Nullable GroupConsumer consumer;

  /** Makes the lane of a partition that has become ours. */
  interface LaneMaker {
    PartitionLane make(TopicPartition partition, Consumer<Throwable> broken);
  }

  /**
   * @param joined told after every rebalance, whether it has changed anything or not, on Kafka's
   *     thread
   * @param lost told when the group has thrown this member out, on Kafka's thread
   */
  ConsumerSession(
      ConsumerSettings settings,
      Function<ConsumerSession, GroupConsumer> opening,
      LaneMaker lanesOf,
      Consumer<GroupConsumer> joined,
      Runnable lost,
      StopSignal stop) {
    this.settings = settings;
    this.opening = opening;
    this.lanesOf = lanesOf;
    this.joined = joined;
    this.lost = lost;
    this.stop = stop;
  }

  /** Blocks until the signal is given, or throws what made it end. */
  void run(Vertx vertx) throws Exception {
    GroupConsumer opened = opening.apply(this);
    consumer = opened;
    KafkaReadStream<byte[], byte[]> stream = KafkaReadStream.create(vertx, opened);
    try {
      await(stream.subscribe(topics()));
      while (!stop.isGiven() && broken.get() == null) {
        steer(stream);
        commit(stream);
        feed(await(stream.poll(POLL)));
        lanes.forEach((partition, lane) -> lane.notFetched(opened.notFetched(partition)));
      }
    } finally {
      leave(stream);
    }
    Throwable failure = broken.get();
    if (failure != null) {
      throw new IllegalStateException("a partition's work broke", failure);
    }
  }

  /** Fetching pauses for a partition with enough in its queue, and goes on when half is done. */
  private void steer(KafkaReadStream<byte[], byte[]> stream) throws Exception {
    List<PartitionLane> full =
        lanes.values().stream()
            .filter(lane -> !lane.paused() && lane.backlog() >= settings.queue())
            .toList();
    List<PartitionLane> drained =
        lanes.values().stream()
            .filter(lane -> lane.paused() && lane.backlog() <= settings.queue() / 2)
            .toList();
    if (!full.isEmpty()) {
      await(stream.pause(partitionsOf(full)));
      full.forEach(lane -> lane.paused(true));
    }
    if (!drained.isEmpty()) {
      await(stream.resume(partitionsOf(drained)));
      drained.forEach(lane -> lane.paused(false));
    }
  }

  /**
   * What cannot be committed now is committed the next time, or handled again by the next owner.
   */
  private void commit(KafkaReadStream<byte[], byte[]> stream) throws Exception {
    Map<TopicPartition, OffsetAndMetadata> offsets = handled(lanes.values());
    if (offsets.isEmpty()) {
      return;
    }
    try {
      await(stream.commit(offsets));
      committed(offsets);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RetriableException _, RebalanceInProgressException _, CommitFailedException _ ->
            LOG.info("not committed yet: {}", EventLogUnavailable.reasonOf(e));
        case null, default -> throw e;
      }
    }
  }

  private void feed(ConsumerRecords<byte[], byte[]> records) {
    for (TopicPartition partition : records.partitions()) {
      List<ConsumerRecord<byte[], byte[]>> batch = records.records(partition);
      Objects.requireNonNull(lanes.get(partition), "records of a partition not ours").add(batch);
    }
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
    for (TopicPartition partition : partitions) {
      PartitionLane before = lanes.put(partition, lanesOf.make(partition, this::broke).start());
      if (before != null) {
        before.stop();
      }
    }
    joined.accept(Objects.requireNonNull(consumer));
  }

  /**
   * Work on the partitions ends, and what was handled is committed, before anyone else has them.
   */
  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
    List<PartitionLane> revoked = stop(partitions);
    Map<TopicPartition, OffsetAndMetadata> offsets = handled(revoked);
    if (consumer != null && !offsets.isEmpty()) {
      try {
        consumer.commitSync(offsets, LAST_COMMIT);
      } catch (RuntimeException e) {
        LOG.info("not committed, and handled again: {}", EventLogUnavailable.reasonOf(e));
      }
    }
  }

  /** They are someone else's already: a commit would undo theirs. */
  @Override
  public void onPartitionsLost(Collection<TopicPartition> partitions) {
    lost.run();
    stop(partitions);
  }

  private List<PartitionLane> stop(Collection<TopicPartition> partitions) {
    List<PartitionLane> stopping =
        partitions.stream().map(lanes::remove).filter(Objects::nonNull).toList();
    stopping.forEach(PartitionLane::stop);
    long deadline = System.nanoTime() + settings.grace().toNanos();
    stopping.forEach(lane -> lane.awaitStopped(deadline));
    return stopping;
  }

  /** Closing the consumer revokes what it still has, which stops the lanes and commits. */
  private void leave(KafkaReadStream<byte[], byte[]> stream) {
    lanes.values().forEach(PartitionLane::stop);
    try {
      await(stream.close());
    } catch (Exception e) {
      LOG.warn("the consumer did not close well: {}", EventLogUnavailable.reasonOf(e));
    } finally {
      stop(List.copyOf(lanes.keySet()));
    }
  }

  private void broke(Throwable failure) {
    LOG.error("a partition's work broke", failure);
    broken.compareAndSet(null, failure);
  }

  private void committed(Map<TopicPartition, OffsetAndMetadata> offsets) {
    offsets.forEach(
        (partition, offset) -> {
          PartitionLane lane = lanes.get(partition);
          if (lane != null) {
            lane.progress().committed(offset.offset());
          }
        });
  }

  private Set<String> topics() {
    return settings.channels().stream().map(Topics::of).collect(toSet());
  }

  private static Map<TopicPartition, OffsetAndMetadata> handled(Collection<PartitionLane> lanes) {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    for (PartitionLane lane : lanes) {
      lane.progress()
          .toCommit()
          .ifPresent(offset -> offsets.put(lane.partition(), new OffsetAndMetadata(offset)));
    }
    return offsets;
  }

  private static Set<TopicPartition> partitionsOf(List<PartitionLane> lanes) {
    return lanes.stream().map(PartitionLane::partition).collect(toSet());
  }

  private static <T> T await(Future<T> future)
      throws ExecutionException, InterruptedException, TimeoutException {
    return future
        .toCompletionStage()
        .toCompletableFuture()
        .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }
}
