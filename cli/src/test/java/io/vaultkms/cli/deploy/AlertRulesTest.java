package io.vaultkms.cli.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the alert rules ask, where there is no promtool that could try them. */
class AlertRulesTest {
  @Test
  void everyServiceIsMissedWhenNothingIsScrapedOfIt() {
    assertThat(expression("VaultKmsServiceAbsent").split(" or "))
        .containsExactlyElementsOf(
            Stream.of("config-watcher", "plugin-deployer", "migrator", "health-monitor")
                .map("absent(process_start_time_seconds{service=\"%s\"})"::formatted)
                .toList());
  }

  @Test
  void noComponentsMigrationHidesThatAnothersStandsStill() {
    assertThat(expression("VaultKmsMigrationStalled"))
        .contains("on (component) sum by (component)")
        .doesNotContain("on ()");
  }

  private static String expression(String alert) {
    for (JsonNode rule : Repository.document("deploy/prometheus/rules.yml").findParents("alert")) {
      if (rule.path("alert").asText().equals(alert)) {
        return rule.path("expr").asText();
      }
    }
    throw new AssertionError("no alert " + alert);
  }
}
