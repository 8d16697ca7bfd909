package io.vaultkms.platform.log;

import io.vaultkms.model.event.Event;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;

/** The topics of the log, and the groups that read them. */
public final class Topics {
  /** The story, kept for ever. */
  public static final String EVENTS = "vaultkms.events";

  /** Probes and progress, kept for a day. */
  public static final String TELEMETRY = "vaultkms.telemetry";

  private static final String DAY = "" + TimeUnit.DAYS.toMillis(1);
  private static final String FOR_EVER = "-1";

  private Topics() {}

  /** What a service could not take, byte for byte, kept for ever. */
  public static String deadLetters(String service) {
    return "vaultkms.dead-letters." + service;
  }

  /**
   * The consumer group of a service.
   *
   * @param cluster the cluster it works for; empty when it works for all
   */
  public static String group(String service, String cluster) {
    return "vaultkms." + service + (cluster.isEmpty() ? "" : "." + cluster);
  }

  public static String of(Event.Channel channel) {
    return switch (channel) {
      case STORY -> EVENTS;
      case TELEMETRY -> TELEMETRY;
    };
  }

  /**
   * Makes the topics that a consuming service needs, if they are not there; those that are there
   * are left as they are. Several services may do so at the same time. Blocks for some seconds at
   * most.
   *
   * @throws EventLogUnavailable if the broker does not answer or refuses
   */
  public static void ensureTopics(LogSettings settings, String service) {
    try (Admin admin = Admin.create(KafkaClients.admin(settings, service))) {
      List<NewTopic> wanted = new ArrayList<>(shared(settings));
      wanted.add(topic(settings, deadLetters(service), 1, FOR_EVER));
      ensure(admin, wanted);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EventLogUnavailable(settings, "making the topics was interrupted", e);
    } catch (Exception e) {
      throw new EventLogUnavailable(settings, "its topics cannot be made", e);
    }
  }

  static void ensure(Admin admin, List<NewTopic> wanted)
      throws ExecutionException, InterruptedException, TimeoutException {
    Set<String> present = admin.listTopics().names().get(10, TimeUnit.SECONDS);
    List<NewTopic> missing = wanted.stream().filter(t -> !present.contains(t.name())).toList();
    for (var creation : admin.createTopics(missing).values().values()) {
      try {
        creation.get(10, TimeUnit.SECONDS);
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof TopicExistsException)) {
          throw e;
        }
      }
    }
  }

  /** What every service needs, whether it consumes or not. */
  static List<NewTopic> shared(LogSettings settings) {
    return List.of(
        topic(settings, EVENTS, settings.partitions(), FOR_EVER),
        topic(settings, TELEMETRY, settings.partitions(), DAY));
  }

  private static NewTopic topic(LogSettings settings, String name, int partitions, String millis) {
    Map<String, String> config = new LinkedHashMap<>();
    config.put(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
    config.put(TopicConfig.RETENTION_MS_CONFIG, millis);
    config.put(TopicConfig.RETENTION_BYTES_CONFIG, "-1");
    if (settings.replication() > 2) {
      config.put(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, "2");
    }
    if (!name.equals(EVENTS) && !name.equals(TELEMETRY)) {
      // The largest record, and headers that say where it came from.
      config.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "" + (2 << 20));
    }
    return new NewTopic(name, partitions, (short) settings.replication()).configs(config);
  }
}
