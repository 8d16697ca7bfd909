package io.vaultkms.migrator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vaultkms.platform.env.BadConfiguration;
import io.vaultkms.platform.env.Variables;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MigratorConfigTest {
  @Test
  void everyVariableHasItsNameAndDefault() {
    Variables variables = new Variables(Map.of());
    MigratorConfig.read(variables);
    Map<String, String> documented = new TreeMap<>();
    variables.documented().forEach(each -> documented.put(each.name(), each.standard()));
    assertThat(documented)
        .containsExactlyInAnyOrderEntriesOf(
            Map.ofEntries(
                Map.entry("CLUSTER_ID", "local"),
                Map.entry("HTTP_HOST", "0.0.0.0"),
                Map.entry("HTTP_PORT", "8080"),
                Map.entry("RESYNC_INTERVAL", "3m"),
                Map.entry("KUBECONFIG", ""),
                Map.entry("KUBE_CONTEXT", ""),
                Map.entry("KUBE_REQUEST_TIMEOUT", "15s"),
                Map.entry("COMPONENTS", "auto"),
                Map.entry("KAFKA_BOOTSTRAP_SERVERS", "localhost:9092"),
                Map.entry("KAFKA_PROPERTIES_FILE", ""),
                Map.entry("EVENTS_PARTITIONS", "3"),
                Map.entry("EVENTS_REPLICATION", "1"),
                Map.entry("MIGRATOR_PAGE_SIZE", "500"),
                Map.entry("MIGRATOR_REQUEST_TIMEOUT", "1m"),
                Map.entry("MIGRATOR_RETRY_BUDGET", "1m"),
                Map.entry("MIGRATOR_RESOURCES_AT_ONCE", "1"),
                Map.entry("MIGRATOR_LOOK_INTERVAL", "750ms"),
                Map.entry("MIGRATOR_STANDBY_PATIENCE", "15m"),
                Map.entry("MIGRATOR_MAX_CONCURRENCY", "128"),
                Map.entry("MIGRATOR_MAX_PER_SECOND", "0"),
                Map.entry("MIGRATOR_CONNECTIONS", "4")));
  }

  @Test
  void whatIsSetIsTaken() {
    MigratorConfig config =
        MigratorConfig.read(
            new Variables(
                Map.of(
                    "MIGRATOR_PAGE_SIZE", "100",
                    "MIGRATOR_REQUEST_TIMEOUT", "5s",
                    "MIGRATOR_MAX_PER_SECOND", "50",
                    "KUBE_REQUEST_TIMEOUT", "3s")));
    assertThat(config.run().pageSize()).isEqualTo(100);
    assertThat(config.run().requestTimeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(config.maxPerSecond()).isEqualTo(50);
    assertThat(config.api().timeout()).isEqualTo(Duration.ofSeconds(3));
  }

  @Test
  void whatIsWrongIsSaidInOneSentenceEach() {
    Variables variables =
        new Variables(Map.of("MIGRATOR_MAX_CONCURRENCY", "0", "MIGRATOR_RETRY_BUDGET", "soon"));
    MigratorConfig.read(variables);
    assertThatThrownBy(variables::check)
        .isInstanceOf(BadConfiguration.class)
        .hasMessageContaining("MIGRATOR_MAX_CONCURRENCY '0' must be a whole number from 1 to 1000")
        .hasMessageContaining("MIGRATOR_RETRY_BUDGET 'soon' must be a length of time");
  }
}
