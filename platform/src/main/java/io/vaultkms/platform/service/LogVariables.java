package io.vaultkms.platform.service;

import io.vaultkms.platform.env.Variables;
import io.vaultkms.platform.log.LogSettings;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The variables that say where the log is. */
public final class LogVariables {
  private static final Pattern SERVERS =
      Pattern.compile("[^\\s,:]+:\\d{1,5}(,[^\\s,:]+:\\d{1,5})*");

  private LogVariables() {}

  public static LogSettings read(Variables variables) {
    return new LogSettings(
        variables.text(
            "KAFKA_BOOTSTRAP_SERVERS",
            "localhost:9092",
            SERVERS,
            "must be host:port, several with commas between them",
            "where the Kafka brokers are"),
        variables
            .optionalFile(
                "KAFKA_PROPERTIES_FILE",
                "further properties of every Kafka client, such as security.protocol")
            .map(LogVariables::properties)
            .orElse(Map.of()),
        variables.number("EVENTS_PARTITIONS", 3, 1, 1000, "partitions of a topic that is made"),
        variables.number("EVENTS_REPLICATION", 1, 1, 100, "replicas of a topic that is made"));
  }

  private static Map<String, String> properties(Path file) {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.stringPropertyNames().stream()
        .collect(Collectors.toMap(name -> name, properties::getProperty));
  }
}
