package io.vaultkms.cli.validate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.vaultkms.cli.CommandRun;
import io.vaultkms.cli.KmsDocument;
import io.vaultkms.platform.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValidateCommandTest {
  private static final String VALID = KmsDocument.YAML;

  @TempDir Path directory;

  private static CommandRun validate(String text, String... more) {
    String[] arguments = new String[more.length + 3];
    System.arraycopy(more, 0, arguments, 3, more.length);
    arguments[0] = "validate";
    arguments[1] = "-f";
    arguments[2] = "-";
    return CommandRun.with(Map.of(), text, arguments);
  }

  @Test
  void aValidDocumentIsValid() throws Exception {
    Path file = Files.writeString(directory.resolve("apiserver.yaml"), VALID);
    CommandRun run = CommandRun.of("validate", "-f", file.toString());
    assertThat(run.exit()).as(run.out()).isZero();
    assertThat(run.out()).isEqualTo(file + ": valid\n");
    assertThat(run.err()).isEmpty();
  }

  @Test
  void allViolationsAreNamedWithFieldValueAndRule() {
    CommandRun run =
        validate(
            VALID
                .replace("https://vault", "http://vault")
                .replace("transit/keys/my-key", "my-key")
                .replace("name: cluster", "name: other"));
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.out())
        .contains("-: metadata.name 'other' must be cluster\n")
        .contains(
            "-: spec.encryption.kms.vault.vaultAddress 'http://vault.example.com:8200' must have"
                + " the scheme https\n")
        .contains("-: spec.encryption.kms.vault.vaultKeyPath 'my-key' must");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          vaultAddress:   | vaultAdress:    | spec.encryption.kms.vault.vaultAdress must not be there, since there is no such field; did you mean vaultAddress?
          vaultKeyPath:   | serverName:     | spec.encryption.kms.vault.serverName must not be there, since there is no such field; it belongs at spec.encryption.kms.vault.tls.serverName
          vaultKeyPath:   | transitMount:   | spec.encryption.kms.vault.transitMount must not be there, since there is no such field
          'kms:'          | 'kmss:'         | spec.encryption.kmss must not be there, since there is no such field; did you mean kms?
          """)
  void unknownFieldsAreErrorsWithTheNearestKnownName(String known, String wrong, String sentence) {
    assertThat(validate(VALID.replace(known, wrong)).out().lines()).contains("-: " + sentence);
  }

  @Test
  void theValueOfAnUnknownFieldIsNotShown() {
    CommandRun run = validate(VALID.replace("secret: {name: vault-approle}", "secretId: hunter2"));
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.out() + run.err()).contains("appRole.secretId").doesNotContain("hunter2");
  }

  @Test
  void aValueOfAnotherShapeIsNamedOnce() {
    CommandRun run =
        validate(
            VALID
                .replace("transit/keys/my-key", "17")
                .replace("secret: {name: vault-approle}", "secret: vault-approle"));
    assertThat(run.out().lines())
        .contains(
            "-: spec.encryption.kms.vault.vaultKeyPath must be a text, in quotes if it looks like"
                + " something else",
            "-: spec.encryption.kms.vault.authentication.appRole.secret must be an object")
        .filteredOn(line -> line.contains("vaultKeyPath"))
        .hasSize(1);
  }

  @Test
  void everyApiServerOfAFileIsValidated() {
    String several =
        VALID + "---\nkind: ConfigMap\n---\n" + VALID.replace("type: Vault", "type: AWS");
    CommandRun run = validate(several, "--json");
    JsonNode report = Json.read(run.out(), JsonNode.class);
    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.out()).hasLineCount(1);
    assertThat(report.path("valid").asBoolean()).isFalse();
    assertThat(report.path("documents")).hasSize(2);
    assertThat(report.at("/documents/0/valid").asBoolean()).isTrue();
    assertThat(report.at("/documents/1/violations/0/field").asText())
        .isEqualTo("spec.encryption.kms.type");
  }

  @Test
  void jsonAndListsAreRead() {
    String document =
        """
        {"kind": "List", "items": [{"apiVersion": "config.openshift.io/v1", "kind": "APIServer",
        "metadata": {"name": "cluster"}, "spec": {"encryption": {"type": "aesgcm"}}}]}
        """;
    assertThat(validate(document).out()).isEqualTo("-: valid\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          'kind: [APIServer'             | --file '-' cannot be read
          '{"kind": "APIServer"'         | --file '-' cannot be read
          'kind: APIServer, kind: other' | --file '-' cannot be read
          'kind: ConfigMap'              | --file '-' holds no APIServer
          ''                             | --file '-' holds no APIServer
          """)
  void whatCannotBeReadIsOneSentenceAndExit2(String text, String sentence) {
    CommandRun run = validate(text);
    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith(sentence).hasLineCount(1);
  }

  @Test
  void aDuplicateFieldIsRefusedWithItsLine() {
    CommandRun run = validate(VALID.replace("vaultKeyPath:", "vaultAddress:"));
    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err()).contains("Duplicate", "vaultAddress", "in line 12");
  }

  @Test
  void aMissingFileIsNamed() {
    CommandRun run = CommandRun.of("validate", "-f", "/nowhere.yaml");
    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err())
        .isEqualTo("--file '/nowhere.yaml' cannot be read: there is no such file\n");
  }
}
