package io.vaultkms.platform.log;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.clients.producer.ProducerConfig;

/**
 * Settings of the Kafka clients: small buffers, bounded waits. What the guarantees of the log stand
 * on comes last, so that further properties of the user cannot change it.
 */
final class KafkaClients {
  private static final AtomicInteger COUNT = new AtomicInteger();

  private KafkaClients() {}

  static Map<String, Object> admin(LogSettings settings, String service) {
    Map<String, Object> config = common(settings, service, "admin");
    config.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, 4000);
    config.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, 5000);
    config.putAll(settings.client());
    return config;
  }

  /** A send is over, well or not, after the timeout. */
  static Map<String, Object> producer(LogSettings settings, String service, Duration timeout) {
    int millis = Math.toIntExact(timeout.toMillis());
    Map<String, Object> config = common(settings, service, "producer");
    config.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 4 << 20);
    config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 2 << 20);
    config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, millis / 3);
    config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, millis * 2 / 3);
    config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, Math.min(8000, millis / 3));
    config.putAll(settings.client());
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    return config;
  }

  static Map<String, Object> member(LogSettings settings, String service, ConsumerSettings how) {
    int session = Math.toIntExact(how.sessionTimeout().toMillis());
    Map<String, Object> config = fetching(settings, service, "consumer", how.queue());
    config.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, session);
    config.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, session / 4);
    config.putAll(settings.client());
    config.put(ConsumerConfig.GROUP_ID_CONFIG, Topics.group(service, how.cluster()));
    config.put(ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG, assignor(how).getName());
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    return config;
  }

  /**
   * Partitions that stay with a member keep their place, so that a new member disturbs no one. Of
   * several topics one member is to have all that belongs to a cluster.
   */
  private static Class<? extends ConsumerPartitionAssignor> assignor(ConsumerSettings how) {
    return how.channels().size() == 1 ? CooperativeStickyAssignor.class : RangeAssignor.class;
  }

  static Map<String, Object> reader(LogSettings settings, String service) {
    Map<String, Object> config = fetching(settings, service, "reader", 500);
    config.putAll(settings.client());
    config.remove(ConsumerConfig.GROUP_ID_CONFIG);
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    return config;
  }

  private static Map<String, Object> fetching(
      LogSettings settings, String service, String role, int atOnce) {
    Map<String, Object> config = common(settings, service, role);
    config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, atOnce);
    config.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 4 << 20);
    config.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 512 << 10);
    // A consumer closes only when its last fetch has come back.
    config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 200);
    config.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, 8000);
    config.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 10_000);
    config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    return config;
  }

  private static Map<String, Object> common(LogSettings settings, String service, String role) {
    Map<String, Object> config = new HashMap<>();
    config.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
    config.put(
        CommonClientConfigs.CLIENT_ID_CONFIG,
        "vaultkms-" + service + "-" + role + "-" + COUNT.incrementAndGet());
    config.put(CommonClientConfigs.METADATA_MAX_AGE_CONFIG, 60_000);
    config.put(CommonClientConfigs.ENABLE_METRICS_PUSH_CONFIG, false);
    config.put(CommonClientConfigs.METRIC_REPORTER_CLASSES_CONFIG, "");
    return config;
  }
}
