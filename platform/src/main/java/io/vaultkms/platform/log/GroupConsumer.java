package io.vaultkms.platform.log;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A Kafka consumer whose owner hears of a rebalance while it happens. Vert.x tells its handlers of
 * it later, when the partitions may be someone else's already and a commit would come too late.
 */
final class GroupConsumer extends KafkaConsumer<byte[], byte[]> {
  private static final Duration CLOSE = Duration.ofSeconds(3);

  private final ConsumerRebalanceListener owner;

  GroupConsumer(Map<String, Object> config, ConsumerRebalanceListener owner) {
    super(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    this.owner = owner;
  }

  /** The listener given here is the one of Vert.x, which nobody listens to. */
  @Override
  public void subscribe(Collection<String> topics, ConsumerRebalanceListener vertx) {
    super.subscribe(topics, owner);
  }

  /** Records that the broker has and that were not fetched, as far as is known. */
  long notFetched(TopicPartition partition) {
    OptionalLong lag = currentLag(partition);
    return lag.orElse(0);
  }

  @Override
  public void close() {
    close(CloseOptions.timeout(CLOSE));
  }
}
