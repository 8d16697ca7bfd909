package io.vaultkms.deployer.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vaultkms.platform.env.BadConfiguration;
import io.vaultkms.platform.env.Variables;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PodReporterConfigTest {
  @Test
  void itsVariablesAndTheirStandardsStay() {
    Variables variables = new Variables(Map.of());
    PodReporterConfig.read(variables);

    assertThatCode(variables::check).doesNotThrowAnyException();
    assertThat(variables.documented())
        .extracting(variable -> variable.name() + "=" + variable.standard())
        .contains(
            "API_SERVER_URL=https://localhost:8443",
            "REPORTER_POLL_INTERVAL=2s",
            "REPORTER_PROBE_INTERVAL=30s");
  }

  @Test
  void itIsNeverSilentForLong() {
    Variables variables = new Variables(Map.of("REPORTER_PROBE_INTERVAL", "1m"));
    PodReporterConfig.read(variables);

    assertThatThrownBy(variables::check)
        .hasMessage(
            "REPORTER_PROBE_INTERVAL '1m' must be at most 30s,"
                + " since who has not reported for 2m counts as silent");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://localhost",
        "https://localhost:8443",
        "https://127.0.0.1:6443/",
        "https://[::1]:8443"
      })
  void anApiServerIsThatOfItsOwnPod(String url) {
    Variables variables = new Variables(Map.of("API_SERVER_URL", url));

    assertThat(PodReporterConfig.read(variables).apiServer()).isEqualTo(url);
    assertThatCode(variables::check).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://localhost:8443",
        "https://api.example.com:8443",
        "https://localhost.example.com",
        "https://127.0.0.1@api.example.com",
        "https://localhost:8443/other"
      })
  void aTokenIsSentToNoOther(String url) {
    Variables variables = new Variables(Map.of("API_SERVER_URL", url));
    PodReporterConfig.read(variables);

    assertThatThrownBy(variables::check)
        .isInstanceOf(BadConfiguration.class)
        .hasMessage(
            "API_SERVER_URL '%s' must be https://localhost:port, https://127.0.0.1:port or"
                    .formatted(url)
                + " https://[::1]:port, since a token is sent there and no certificate is checked");
  }
}
