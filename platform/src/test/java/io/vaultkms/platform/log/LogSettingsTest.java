package io.vaultkms.platform.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class LogSettingsTest {
  @Test
  void showsTheNamesOfClientPropertiesAndNotTheirValues() {
    LogSettings settings =
        new LogSettings(
            "kafka:9093", Map.of("sasl.jaas.config", "hunter2", "security.protocol", "SSL"), 6, 3);
    assertThat(settings)
        .hasToString(
            "LogSettings[bootstrapServers=kafka:9093, client=[sasl.jaas.config, security.protocol],"
                + " partitions=6, replication=3]");
  }

  @Test
  void numbersBelowOneAreRefusedByName() {
    assertThatThrownBy(() -> new LogSettings("k:1", Map.of(), 0, 1))
        .hasMessage("partitions of a topic is 0, and must be at least 1");
    assertThatThrownBy(() -> new LogSettings("k:1", Map.of(), 1, 0))
        .hasMessage("replication factor of a topic is 0, and must be at least 1");
    assertThatThrownBy(() -> LogSettings.plain(" "))
        .hasMessage("the Kafka bootstrap servers must not be empty");
  }

  @Test
  void whatTheGuaranteesStandOnCannotBeConfiguredAway() {
    LogSettings settings =
        new LogSettings(
            "k:1",
            Map.of("acks", "0", "enable.auto.commit", "true", "security.protocol", "SSL"),
            1,
            1);
    assertThat(KafkaClients.producer(settings, "s", EventLog.PUBLISH_TIMEOUT))
        .containsEntry("acks", "all")
        .containsEntry("security.protocol", "SSL");
    assertThat(KafkaClients.member(settings, "s", ConsumerSettings.defaults()))
        .containsEntry("enable.auto.commit", false)
        .containsEntry("group.id", "vaultkms.s");
  }
}
