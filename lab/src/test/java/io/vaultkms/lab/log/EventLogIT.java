package io.vaultkms.lab.log;

import org.junit.jupiter.api.Nested;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;
import org.testcontainers.kafka.KafkaContainer;

/** What the event log promises, on Kafka's own image, where there is Docker. */
@Testcontainers(disabledWithoutDocker = true)
class EventLogIT {
  @Container
  private static final KafkaContainer KAFKA =
      new KafkaContainer("apache/kafka:4.1.0")
          .withEnv("KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS", "500")
          .withEnv("KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0");

  @Nested
  class Delivery extends DeliveryContract {
    @Override
    String bootstrapServers() {
      return KAFKA.getBootstrapServers();
    }
  }

  @Nested
  class OddRecords extends OddRecordsContract {
    @Override
    String bootstrapServers() {
      return KAFKA.getBootstrapServers();
    }
  }

  @Nested
  class Sharing extends SharingContract {
    @Override
    String bootstrapServers() {
      return KAFKA.getBootstrapServers();
    }
  }

  @Nested
  class Replay extends ReplayContract {
    @Override
    String bootstrapServers() {
      return KAFKA.getBootstrapServers();
    }
  }

  @Nested
  class Reading extends ReadingContract {
    @Override
    String bootstrapServers() {
      return KAFKA.getBootstrapServers();
    }
  }
}
