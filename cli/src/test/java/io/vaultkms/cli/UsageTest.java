package io.vaultkms.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsageTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "--help",
        "demo --help",
        "status --help",
        "events --help",
        "events tail --help",
        "events export --help",
        "replay --help",
        "validate --help",
        "plan --help"
      })
  void everyCommandHasHelpOnStandardOutput(String arguments) {
    CommandRun run = CommandRun.of(arguments.split(" "));
    assertThat(run.exit()).isZero();
    assertThat(run.out()).contains("Usage: vaultkms").doesNotContain("\033");
    assertThat(run.err()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                                             | A command is missing: one of demo, status, events, replay, validate, plan, bench
          events                                         | A command is missing: one of tail, export
          stats                                          | 'stats' is not a command or argument of vaultkms; did you mean status?
          events tail --jsn                              | '--jsn' is not an option of vaultkms events tail; did you mean --json?
          events tail --type KeyCreted                   | --type 'KeyCreted' must be a type of event: did you mean KeyCreated?
          events tail --since soon                       | Invalid value for option '--since': 'soon' must be how long ago, such as 10m, or a time such as 2026-11-23T12:00:00Z
          events tail --count 0                          | --count '0' must be 1 or more
          events tail --bootstrap-servers kafka          | --bootstrap-servers 'kafka' must be host:port, several with commas between them
          events tail --from-beginning --since 1m        | Error: --from-beginning, --since=TIME are mutually exclusive (specify only one)
          replay --service migrtor --since 1h            | --service 'migrtor' must be one of plugin-deployer, migrator, health-monitor; did you mean migrator?
          replay --service config-watcher --since 1h     | --service 'config-watcher' reads no events: must be one of plugin-deployer, migrator, health-monitor
          replay --service migrator --from-offset -1     | --from-offset '-1' must be 0 or more
          replay --service migrator --from-offset 5 --to-offset 4 | --to-offset '4' must be 5, the first offset, or more
          replay --service migrator --since 1h --wait 0s | Invalid value for option '--wait': '0s' must be a length of time such as 500ms, 30s, 10m, 2h or 7d
          replay --since 1h                              | Missing required option: '--service=NAME'
          status --watch --json                          | --watch cannot be used with --json, which prints one document
          status --kubeconfig /nowhere/config            | --kubeconfig '/nowhere/config' must be a file that can be read
          bench                                          | A command is missing: one of migrate
          bench migrate --objects 99                     | --objects '99' must be a whole number from 100 to 1000000
          bench migrate --ways a,x                       | --ways 'x' must be some of a,b,c,d
          bench migrate --kube-assets /nowhere           | --kube-assets '/nowhere' must be a folder with the programs kube-apiserver and etcd; it has no kube-apiserver and no etcd
          validate                                       | Missing required option: '--file=FILE'
          plan                                           | Missing required option: '--file=FILE'
          """)
  void wrongUsageIsOneSentenceOnStandardErrorAndExit2(String arguments, String sentence) {
    CommandRun run = arguments.isEmpty() ? CommandRun.of() : CommandRun.of(arguments.split(" "));
    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err().lines().findFirst().orElseThrow())
        .isEqualTo(sentence.replaceFirst("^Error: ", ""));
  }

  @Test
  void optionsTakeTheVariablesOfTheServices() {
    CommandRun run =
        CommandRun.with(Map.of("KAFKA_BOOTSTRAP_SERVERS", "not a broker"), "", "events", "export");
    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err()).startsWith("--bootstrap-servers 'not a broker' must be host:port");
  }

  @Test
  void anOptionCountsMoreThanItsVariable() {
    CommandRun run =
        CommandRun.with(
            Map.of("KUBECONFIG", "/nowhere/variable"), "", "status", "--kubeconfig", "/nowhere/o");
    assertThat(run.err()).startsWith("--kubeconfig '/nowhere/o' must be a file");
  }

  @Test
  void aBrokerThatIsNotThereIsOneSentenceAndExit1(@TempDir Path directory) throws IOException {
    Path impatient =
        Files.writeString(directory.resolve("kafka.properties"), "default.api.timeout.ms=500");
    CommandRun run =
        CommandRun.of(
            "events",
            "export",
            "--bootstrap-servers",
            "127.0.0.1:1",
            "--kafka-properties",
            impatient.toString());
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("Kafka at 127.0.0.1:1").hasLineCount(1);
  }
}
