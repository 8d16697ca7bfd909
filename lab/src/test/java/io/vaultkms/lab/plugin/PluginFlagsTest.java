package io.vaultkms.lab.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vaultkms.lab.plugin.PluginFlags.KeyPath;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PluginFlagsTest {
  private static final List<String> REQUIRED =
      List.of(
          "-vault-address=https://vault.example:8200",
          "--vault-key-path",
          "team/transit/keys/my-key",
          "-approle-role-id",
          "role",
          "--approle-secret-id-path=/run/secret-id");

  @Test
  void takesOneDashOrTwoAndFillsInDefaults() throws BadFlag {
    PluginFlags flags = PluginFlags.parse(REQUIRED);

    assertThat(flags.vaultAddress()).hasToString("https://vault.example:8200");
    assertThat(flags.key()).isEqualTo(new KeyPath("team/transit", "my-key"));
    assertThat(flags.key().encrypt()).isEqualTo("team/transit/encrypt/my-key");
    assertThat(flags.roleId()).isEqualTo("role");
    assertThat(flags.secretIdFile()).isEqualTo(Path.of("/run/secret-id"));
    assertThat(flags.socket()).isEqualTo(Path.of("/tmp/vault-kube-kms.socket"));
    assertThat(flags.authMount()).isEqualTo("approle");
    assertThat(flags.namespace()).isEmpty();
    assertThat(flags.authNamespace()).isEmpty();
    assertThat(flags.caFile()).isNull();
    assertThat(flags.sni()).isNull();
    assertThat(flags.skipVerify()).isFalse();
    assertThat(flags.timeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(flags.metricsPort()).isEqualTo(9090);
    assertThat(flags.healthPort()).isEqualTo(8081);
    assertThat(flags.pollInterval()).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void takesAllFlagsAndTheLastOfEach() throws BadFlag {
    PluginFlags flags =
        with(
            "-listen-address=unix:///a",
            "-listen-address=unix:///run/kms.sock",
            "-vault-namespace",
            "/admin/team/",
            "-auth-mount=auth-x",
            "-tls-ca-file=/ca.pem",
            "-tls-sni=other.example",
            "-tls-skip-verify",
            "-vault-connection-timeout=1m30s",
            "-metrics-port=-1",
            "-health-port=0",
            "-key-poll-interval=200ms");

    assertThat(flags.socket()).isEqualTo(Path.of("/run/kms.sock"));
    assertThat(flags.namespace()).isEqualTo("admin/team");
    assertThat(flags.authNamespace()).isEqualTo("admin/team");
    assertThat(flags.skipVerify()).isTrue();
    assertThat(flags.timeout()).isEqualTo(Duration.ofSeconds(90));
    assertThat(flags.metricsPort()).isEqualTo(-1);
    assertThat(flags.pollInterval()).isEqualTo(Duration.ofMillis(200));
    assertThat(with("-vault-auth-namespace=admin").authNamespace()).isEqualTo("admin");
    assertThat(with("-tls-skip-verify=false").skipVerify()).isFalse();
  }

  @Test
  void namesAllMissingFlagsInOneSentence() {
    assertThatThrownBy(() -> PluginFlags.parse(List.of("-approle-role-id=x")))
        .isInstanceOf(BadFlag.class)
        .hasMessage(
            "missing required flags -vault-address, -vault-key-path, -approle-secret-id-path");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "-colour=red | unknown flag -colour",
        "serve | 'serve' is not a flag, and flags are all this program takes",
        "-tls-sni | flag -tls-sni needs a value",
        "-tls-skip-verify=maybe | flag -tls-skip-verify is 'maybe', and must be true or false",
        "-vault-address=http://v | flag -vault-address is 'http://v', and must be"
            + " https://host[:port]",
        "-vault-key-path=transit/my-key"
            + " | flag -vault-key-path is 'transit/my-key', and must be <mount>/keys/<name>",
        "-listen-address=tcp://:1"
            + " | flag -listen-address is 'tcp://:1', and must be unix:// and an absolute path",
        "-auth-mount=a b | flag -auth-mount is 'a b',"
            + " and must have only letters, digits, '.', '_', '~', '-' and '/' in it",
        "-metrics-port=70000 | flag -metrics-port is '70000',"
            + " and must be a port up to 65535, 0 or less to switch it off",
        "-vault-connection-timeout=soon | flag -vault-connection-timeout is 'soon', and must be a"
            + " positive duration such as 30s",
      })
  void saysInOneSentenceWhatIsWrong(String flag, String sentence) {
    assertThatThrownBy(() -> with(flag)).isInstanceOf(BadFlag.class).hasMessage(sentence);
  }

  private static PluginFlags with(String... more) throws BadFlag {
    List<String> args = new ArrayList<>(REQUIRED);
    args.addAll(List.of(more));
    return PluginFlags.parse(args);
  }
}
