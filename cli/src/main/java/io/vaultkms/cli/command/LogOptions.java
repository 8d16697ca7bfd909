package io.vaultkms.cli.command;

import io.vaultkms.platform.env.Variables;
import io.vaultkms.platform.log.LogSettings;
import io.vaultkms.platform.service.LogVariables;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the event log is. */
public final class LogOptions {
  static final String BOOTSTRAP_SERVERS = "--bootstrap-servers";
  static final String BOOTSTRAP_SERVERS_VARIABLE = "KAFKA_BOOTSTRAP_SERVERS";
  static final String KAFKA_PROPERTIES = "--kafka-properties";
  static final String KAFKA_PROPERTIES_VARIABLE = "KAFKA_PROPERTIES_FILE";

  @Option(
      names = BOOTSTRAP_SERVERS,
      paramLabel = "HOST:PORT,…",
      defaultValue = "localhost:9092",
      description = "Kafka brokers ($" + BOOTSTRAP_SERVERS_VARIABLE + "; ${DEFAULT-VALUE})")
  private String bootstrapServers = "";

  @Option(
      names = KAFKA_PROPERTIES,
      paramLabel = "FILE",
      description =
          "further properties of the Kafka client, such as security.protocol ($"
              + KAFKA_PROPERTIES_VARIABLE
              + ")")
  private @Nullable String kafkaProperties;

  /**
   * Judged by the rules of the services.
   *
   * @throws io.vaultkms.platform.env.BadConfiguration when an option breaks one
   */
  public LogSettings settings() {
    Map<String, String> values = new HashMap<>();
    values.put(BOOTSTRAP_SERVERS_VARIABLE, bootstrapServers);
    if (kafkaProperties != null) {
      values.put(KAFKA_PROPERTIES_VARIABLE, kafkaProperties);
    }
    Variables variables = new Variables(values);
    LogSettings settings = LogVariables.read(variables);
    variables.check();
    return settings;
  }
}
