package io.vaultkms.lab.log;

import java.nio.file.Path;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;
import org.testcontainers.kafka.KafkaContainer;

/** The contract on Kafka's own image, where there is Docker. */
@Testcontainers(disabledWithoutDocker = true)
class EventLogIT extends EventLogContract {
  @Container
  private static final KafkaContainer KAFKA =
      new KafkaContainer("apache/kafka:4.1.1")
          .withEnv("KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS", "500")
          .withEnv("KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0");

  @Override
  String startBroker(Path directory) {
    return KAFKA.getBootstrapServers();
  }

  @Override
  void stopBroker() {
    KAFKA.stop();
  }
}
